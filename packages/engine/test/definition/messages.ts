/** What people read of every issue in the cases: message and hint, word for word. `expected/messages.json` holds them. */
import { formatPath, type Issue } from '../../src/definition/issue.ts'
import { lintDefinition } from '../../src/definition/lint.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { parseDefinitionText } from '../../src/definition/text.ts'
import { issueCases } from './issue-cases.ts'
import { lintCases } from './lint-cases.ts'
import { textCases } from './text-cases.ts'

interface Told {
  readonly name: string
  readonly issues: () => readonly Issue[]
}

export const toldCases: readonly Told[] = [
  ...issueCases.map(({ code, name, document }) => ({
    name: `${code}: ${name}`,
    issues: () => parseDefinition(document).issues,
  })),
  ...lintCases.map(({ code, name, definition }) => ({
    name: `${code}: ${name}`,
    issues: () => lintDefinition(definition),
  })),
  ...textCases.map(({ name, text }) => ({ name: `text: ${name}`, issues: () => parseDefinitionText(text).issues })),
]

/** The place, whether key or value is meant, what is wrong, and what to do about it. */
export const told = ({ issues }: Told): readonly string[] =>
  issues().map(({ severity, code, path, about, message, hint }) =>
    [`${severity} ${code} at ${about === undefined ? '' : 'the key '}${formatPath(path)}`, message, hint].join(' | '),
  )
