/** What people read of every issue in the cases: message and hint, word for word. `expected/messages.json` holds them. */
import { formatPath, type Issue } from '../../src/definition/issue.ts'
import { lintDefinition } from '../../src/definition/lint.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { parseDefinitionText } from '../../src/definition/text.ts'
import { issueCases } from './issue-cases.ts'
import { lintCases } from './lint-cases.ts'
import { textCases } from './text-cases.ts'
import { wholeWith } from './whole.ts'

interface Told {
  readonly name: string
  readonly issues: () => readonly Issue[]
}

const nested = (depth: number) => {
  let value: unknown = { activity: 'ordered' }
  for (let at = 0; at < depth; at++) value = { not: value }
  return value
}
const ones = (count: number) => Array.from({ length: count }, () => 1)
const keys = (count: number, of: (at: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, of(at)]))
const head = { winnow: 1, name: 'x' }

/** Documents that are too large, in each of the ways in which they can be. */
const sizes: readonly { readonly name: string; readonly document: () => unknown }[] = [
  { name: 'too deep', document: () => wholeWith('personas.buyer.when', nested(100)) },
  { name: 'a list too long', document: () => ({ ...head, x: ones(200_000) }) },
  { name: 'lists too long together', document: () => ({ ...head, x: [ones(100_000), ones(100_000)] }) },
  { name: 'too many keys', document: () => ({ ...head, x: keys(200_000, () => 1) }) },
  { name: 'too much text', document: () => ({ ...head, x: ['x'.repeat(1_000_000), 'x'.repeat(1_000_001)] }) },
  { name: 'text in keys', document: () => ({ ...head, x: { ['x'.repeat(2_000_001)]: [1] } }) },
  { name: 'too many issues at once', document: () => ({ ...head, x: keys(1_002, () => Infinity) }) },
  { name: 'too many ill-shaped parts', document: () => ({ ...head, attributes: keys(1_002, () => ({ type: 'x' })) }) },
  {
    name: 'too many conditions',
    document: () => ({
      ...head,
      activities: { a: { from: 'a' } },
      personas: keys(3, () => ({ when: { all: Array.from({ length: 7_000 }, () => ({ activity: 'a' })) } })),
    }),
  },
  {
    name: 'too many personas and criteria',
    document: () => ({
      ...head,
      activities: { a: { from: 'a' } },
      personas: keys(501, () => ({ when: { activity: 'a' } })),
      scores: {
        s: {
          groups: {
            g: { criteria: Array.from({ length: 2_001 }, (_, id) => ({ id: `c${id}`, each: 'a', points: 1 })) },
          },
        },
      },
    }),
  },
]

export const toldCases: readonly Told[] = [
  ...issueCases.map(({ code, name, document }) => ({
    name: `${code}: ${name}`,
    issues: () => parseDefinition(document).issues,
  })),
  ...lintCases.map(({ code, name, definition }) => ({
    name: `${code}: ${name}`,
    issues: () => lintDefinition(definition),
  })),
  ...sizes.map(({ name, document }) => ({ name: `size: ${name}`, issues: () => parseDefinition(document()).issues })),
  ...textCases.map(({ name, text }) => ({ name: `text: ${name}`, issues: () => parseDefinitionText(text).issues })),
]

/** The place, whether key or value is meant, what is wrong, and what to do about it. */
export const told = ({ issues }: Told): readonly string[] =>
  firstAndLast(issues()).map(({ severity, code, path, about, message, hint }) =>
    [`${severity} ${code} at ${about === undefined ? '' : `the ${about} `}${formatPath(path)}`, message, hint].join(
      ' | ',
    ),
  )

/** Of a thousand issues of one kind a few say enough. */
const firstAndLast = (issues: readonly Issue[]) => [...issues.slice(0, 20), ...issues.slice(20).slice(-1)]
