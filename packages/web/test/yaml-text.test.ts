import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  moveIn,
  readValue,
  same,
  setIn,
  setSnippet,
  snippetAt,
  transferIn,
  valueIn,
  withValue,
  type Path,
} from '../src/app/yaml-text.ts'

const ROOT = join(import.meta.dirname, '../../..')
const SMALL = `# The whole agreement.
winnow: 1
name: Example # as it is called

scores:
  fit:
    # What they are.
    range: [0, 100]
    groups:
      company:
        cap: 60 # no more
        criteria:
          # Size matters most.
          - id: size
            table: employees
            bins:
              - { below: 10, points: 0 } # paper does it
              - { below: 50, points: 18 }
              - { points: 20 }
          - { id: role, when: { attribute: role, in: [owner, head] }, points: 24 } # deciders

          # Against.
          - id: student
            when: { attribute: role, is: student }
            points: -40
description: >-
  Long words
  over two lines.
# The end.
`

test('a number is written into its place, and nothing else moves', () => {
  expect(setIn(SMALL, ['scores', 'fit', 'groups', 'company', 'cap'], 70)).toBe(SMALL.replace('cap: 60', 'cap: 70'))
})

test('an entry that was not there comes after its siblings, before their comments of the end', () => {
  const path = ['scores', 'fit', 'groups', 'company', 'criteria', 2, 'unknown'] as const
  expect(setIn(SMALL, path, 5)).toBe(SMALL.replace('points: -40\n', 'points: -40\n            unknown: 5\n'))
  expect(setIn(SMALL, ['scores', 'fit', 'groups', 'company', 'criteria', 1, 'cap'], 9)).toBe(
    SMALL.replace('points: 24 }', 'points: 24, cap: 9 }'),
  )
})

test('what is taken out takes only its own lines', () => {
  const path = ['scores', 'fit', 'groups', 'company', 'criteria', 0, 'bins', 0] as const
  expect(setIn(SMALL, path, undefined)).toBe(SMALL.replace(/ +- \{ below: 10.*\n/, ''))
  expect(setIn(SMALL, ['scores', 'fit', 'groups', 'company', 'cap'], undefined)).toBe(
    SMALL.replace(/ +cap: 60.*\n/, ''),
  )
})

test('an item that is moved takes the comments that lead it along', () => {
  const moved = moveIn(SMALL, ['scores', 'fit', 'groups', 'company', 'criteria'], 2, 0)
  expect(moved.indexOf('# Against.')).toBeLessThan(moved.indexOf('- id: size'))
  expect(moved.indexOf('# Against.')).toBeLessThan(moved.indexOf('- id: student'))
  expect(moved.split('\n').sort()).toEqual(SMALL.split('\n').sort())
})

test('items on one line change places', () => {
  const bins = '{ bins: [ { below: 3, points: 1 },  { points: 2 } ] } # both\n'
  expect(moveIn(bins, ['bins'], 1, 0)).toBe('{ bins: [ { points: 2 },  { below: 3, points: 1 } ] } # both\n')
})

test('a new criterion is written as people write them', () => {
  const path = ['scores', 'fit', 'groups', 'company', 'criteria', 3] as const
  const text = setIn(SMALL, path, { id: 'new', each: 'visit', points: 3 })
  expect(text).toBe(SMALL.replace('points: -40\n', 'points: -40\n          - { id: new, each: visit, points: 3 }\n'))
})

test('a section that was not there comes at the end', () => {
  expect(setIn('winnow: 1\nname: x\n', ['review', 'every'], '3 months')).toBe(
    'winnow: 1\nname: x\nreview: { every: 3 months }\n',
  )
})

test('the last entry of a block leaves an empty map behind', () => {
  expect(setIn('a:\n  b: 1 # one\nc: 2\n', ['a', 'b'], undefined)).toBe('a: {} # one\nc: 2\n')
})

test('JSON stays JSON', () => {
  const json = '{\n  "winnow": 1,\n  "scores": { "fit": { "range": [0, 100] } }\n}\n'
  const edited = setIn(setIn(json, ['scores', 'fit', 'label'], 'Fit: "yes"'), ['name'], 'x')
  expect(JSON.parse(edited)).toEqual({
    winnow: 1,
    scores: { fit: { range: [0, 100], label: 'Fit: "yes"' } },
    name: 'x',
  })
})

const criteriaOf = (group: string) => ['scores', 'fit', 'groups', group, 'criteria'] as const
const TWO_GROUPS = SMALL.replace(
  'description: >-',
  `      person:
        # Who they are.
        criteria:
            - { id: head, when: { attribute: role, is: head }, points: 3 } # few
      nobody:
        criteria: [] # none yet
description: >-`,
)

test('an item goes to another list with the comments that lead it, as far in as its new siblings', () => {
  const gone = transferIn(TWO_GROUPS, { from: criteriaOf('company'), at: 2, to: criteriaOf('person'), index: 0 })
  expect(gone).toContain(`        criteria:

            # Against.
            - id: student
              when: { attribute: role, is: student }
              points: -40
            - { id: head,`)
  expect(
    gone
      .split('\n')
      .map((line) => line.trim())
      .sort(),
  ).toEqual(
    TWO_GROUPS.split('\n')
      .map((line) => line.trim())
      .sort(),
  )
  expect(transferIn(gone, { from: criteriaOf('person'), at: 0, to: criteriaOf('company'), index: 2 })).toBe(TWO_GROUPS)
})

test('an item goes into an empty list, and leaves one behind', () => {
  const gone = transferIn(TWO_GROUPS, { from: criteriaOf('person'), at: 0, to: criteriaOf('nobody'), index: 0 })
  expect(gone).toContain('criteria: []\n      nobody:\n        criteria:\n          - { id: head')
  expect(gone).toContain('# few')
  expect(valueIn(readValue(gone), criteriaOf('person'))).toEqual([])
})

test('a snippet is what stands there, and can be written back with its comments', () => {
  const path = ['scores', 'fit', 'groups', 'company', 'criteria', 0] as const
  const snippet = snippetAt(SMALL, path)
  expect(snippet.split('\n').slice(0, 3)).toEqual(['id: size', 'table: employees', 'bins:'])
  expect(setSnippet(SMALL, path, snippet)).toBe(SMALL)
  expect(setSnippet(SMALL, path, `${snippet}\nlabel: Size # as said`)).toBe(
    SMALL.replace('- { points: 20 }\n', '- { points: 20 }\n            label: Size # as said\n'),
  )
  expect(() => setSnippet(SMALL, path, 'id: [')).toThrow()
})

test('prose over several lines stays prose', () => {
  const text = setIn(SMALL, ['description'], 'One\n\ntwo')
  expect(readValue(text)).toMatchObject({ description: 'One\n\ntwo' })
  expect(text.endsWith('# The end.\n')).toBe(true)
})

test.each(['no: yes', '- a', '# none', "it's", '{x}', 'a, b', '12', 'true', '', ' lead', 'a: b # c', '|', '@x'])(
  'the text %j survives in both styles',
  (value) => {
    expect(valueIn(readValue(setIn(SMALL, ['name'], value)), ['name'])).toBe(value)
    const path = ['scores', 'fit', 'groups', 'company', 'criteria', 1, 'id']
    expect(valueIn(readValue(setIn(SMALL, path, value)), path)).toBe(value)
  },
)

// --- Whole definitions -----------------------------------------------------------------------------------------------

const demo = (file: string) => /`([\s\S]*)`/.exec(readFileSync(join(ROOT, 'packages/demo/src', file), 'utf8'))![1]!
const examples = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /definition.*\.ya?ml$|starter\.yaml$/.test(file))
  .map((file) => readFileSync(join(ROOT, 'examples', file), 'utf8'))
const texts = [SMALL, demo('definition-v2.ts'), ...examples.filter((text) => text.length < 6_000)]

const comments = (text: string): string[] => text.match(/(?<=^|\s)#.*$/gm) ?? []

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [path, ...steps.flatMap((step) => pathsOf((value as Record<string, unknown>)[step], [...path, step]))]
}

describe.each(texts.map((text, at) => ({ at, text })))('definition $at', ({ text }) => {
  const value = readValue(text)
  const timeout = 60_000 // reading a text a hundred times, on a busy machine
  const paths = pathsOf(value).filter((path) => path.length > 0)
  const scalars = paths.filter((path) => typeof valueIn(value, path) !== 'object')
  const anyPath = fc.constantFrom(...paths)

  test(
    'every value can be set: what it says changes, comments and all other lines stay',
    () => {
      const values = fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constantFrom('x', 'two words', 'a: b', '# no'))
      fc.assert(
        fc.property(fc.constantFrom(...scalars), values, (path, next) => {
          const edited = setIn(text, path, next)
          expect(same(readValue(edited), withValue(value, path, next))).toBe(true)
          for (const comment of comments(text)) expect(edited).toContain(comment)
          const changed = text.split('\n').filter((line) => !edited.includes(line))
          const isProse = snippetAt(text, path).includes('\n')
          if (!isProse) expect(changed.length).toBeLessThanOrEqual(1)
        }),
        { numRuns: 40 },
      )
    },
    timeout,
  )

  test(
    'every part can be taken out: no comment outside of it goes',
    () => {
      fc.assert(
        fc.property(anyPath, (path) => {
          const edited = setIn(text, path, undefined)
          const meant = withValue(value, path, undefined)
          expect(same(readValue(edited), meant)).toBe(true)
          const kept = edited.split('\n')
          const gone = text.split('\n').filter((line) => /^\s*#/.test(line) && !kept.includes(line))
          // What is inside of a part stands further to the right than the part.
          for (const line of gone) expect(line.search(/\S/)).toBeGreaterThan(path.length - 1)
        }),
        { numRuns: 30 },
      )
    },
    timeout,
  )

  test(
    'every list and map can be put into another order, keeping every line',
    () => {
      const holders = paths.filter((path) => {
        const at = valueIn(value, path)
        return typeof at === 'object' && at !== null && Object.keys(at).length > 1
      })
      fc.assert(
        fc.property(fc.constantFrom(...holders), fc.nat(), fc.nat(), (path, a, b) => {
          const holder = valueIn(value, path) as object
          const keys = Object.keys(holder)
          const [from, to] = [a % keys.length, b % keys.length]
          const edited = moveIn(text, path, from, to)
          const order = Object.keys(valueIn(readValue(edited), path) as object)
          if (!Array.isArray(holder)) expect(order.indexOf(keys[from]!)).toBe(to)
          else expect((valueIn(readValue(edited), path) as unknown[])[to]).toEqual(holder[from])
          expect(comments(edited).toSorted()).toEqual(comments(text).toSorted())
        }),
        { numRuns: 30 },
      )
    },
    timeout,
  )
})
