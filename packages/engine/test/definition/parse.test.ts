import { describe, expect, test } from 'vitest'
import { formatPath } from '../../src/definition/issue.ts'
import { LIMITS } from '../../src/definition/measure.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { criteriaOf, everyPart, placesOf } from '../../src/definition/walk.ts'
import { issueCases, rightCases } from './issue-cases.ts'
import { putAt, whole, wholeWith } from './whole.ts'

const parsedWhole = whole()
const found = (document: unknown) =>
  parseDefinition(document).issues.map((issue) => `${issue.code} at ${formatPath(issue.path)}`)

test('a definition that uses every construct has no issue', () => {
  expect(parseDefinition(whole())).toEqual({ ok: true, definition: whole(), issues: [] })
})

test.each(issueCases)('$code: $name', ({ code, path, document }) => {
  const parsed = parseDefinition(document)
  expect(found(document)).toContain(`${code} at ${path}`)
  expect(parsed.ok).toBe(parsed.issues.every((issue) => issue.severity === 'warning'))
  for (const issue of parsed.issues)
    expect([issue.message, issue.hint]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)])
})

test.each(rightCases)('right: $name', ({ document }) => {
  expect(found(document)).toEqual([])
})

describe('one mistake is one issue', () => {
  test.each(issueCases.filter((each) => ALONE.has(each.code)))('$code: $name', ({ code, path, document }) => {
    expect(found(document)).toEqual([`${code} at ${path}`])
  })
})

/** Codes whose cases above hold no second mistake. */
const ALONE: ReadonlySet<string> = new Set([
  'unknown_attribute',
  'unknown_activity',
  'unknown_persona',
  'unknown_topic',
  'operator_mismatch',
  'operand_mismatch',
  'malformed_date',
  'malformed_pattern',
  'duration_zero',
  'duration_too_long',
  'not_ascending',
  'empty_range',
  'calibration',
])

describe('all issues of a document at once', () => {
  test('an ill-shaped part hides nothing of the rest', () => {
    const document = putAt(
      wholeWith('categories.quality.levels.0.high.when', { score: 'fitt', at_least: '70' }),
      'stages.2.by',
      'acept',
    )
    putAt(document, 'scores.fit.groups.person.criteria.0', { id: 'persona', when: { persona: 'byer' } })
    expect(found(document)).toEqual([
      'missing at scores.fit.groups.person.criteria[0]',
      'unknown_persona at scores.fit.groups.person.criteria[0].when.persona',
      'unknown_score at categories.quality.levels[0].high.when.score',
      'wrong_type at categories.quality.levels[0].high.when.at_least',
      'unknown_value at stages[2].by',
    ])
  })

  test('an ill-shaped attribute is reported where it stands and nowhere else', () => {
    expect(found(wholeWith('attributes.employees', { type: 'numer', answers: 'need' }))).toEqual([
      'unknown_value at attributes.employees.type',
    ])
  })

  test('a missing head hides nothing', () => {
    expect(found({ attributes: { a: { type: 'choice' } } })).toEqual([
      'missing at ',
      'missing at ',
      'values_missing at attributes.a',
    ])
  })

  test('issues come in the order of the document', () => {
    const document = putAt(wholeWith('examples.0.as_of', 'x'), 'attributes.budget.unit', 5)
    putAt(document, 'stages.1.sla', '0d')
    expect(found(document)).toEqual([
      'wrong_type at attributes.budget.unit',
      'duration_zero at stages[1].sla',
      'malformed_date at examples[0].as_of',
    ])
  })
})

describe('hints', () => {
  const hintAt = (document: unknown) => parseDefinition(document).issues.map((issue) => issue.hint)[0]
  test.each([
    {
      name: 'a name',
      document: wholeWith('personas.buyer.when', { attribute: 'emploees', at_least: 1 }),
      hint: 'did you mean `employees`?',
    },
    {
      name: 'a level',
      document: wholeWith('playbooks.call_now.when', { category: 'letter', is: 'Z' }),
      hint: 'there are `A`, `B`, `C`',
    },
    {
      name: 'a choice',
      document: wholeWith('personas.buyer.when', { attribute: 'job_level', is: 'manger' }),
      hint: 'did you mean `manager`?',
    },
    { name: 'a key', document: wholeWith('scores.fit.groups.company.capp', 5), hint: 'did you mean `cap`?' },
    {
      name: 'quotes',
      document: wholeWith('personas.buyer.when', { attribute: 'employees', is: '5' }),
      hint: 'write it without quotes',
    },
    {
      name: 'an empty level',
      document: wholeWith('categories.quality.levels.2.low', null),
      hint: 'write `{}` for a map with nothing in it',
    },
    {
      name: 'an offset',
      document: wholeWith('examples.0.as_of', '2026-01-01T10:00'),
      hint: 'add the offset: `2026-01-01T10:00Z` for UTC',
    },
  ])('$name', ({ document, hint }) => {
    expect(hintAt(document)).toBe(hint)
  })

  test('a cycle is shown as a path', () => {
    const issue = parseDefinition(wholeWith('personas.hobbyist.when', { category: 'quality', is: 'low' })).issues[0]
    expect(issue?.message).toBe(
      'this reads itself: personas.hobbyist → categories.quality → scores.fit → personas.hobbyist',
    )
  })

  test('a cycle through the stage names the node of all stages', () => {
    const issue = parseDefinition(wholeWith('categories.origin.levels.0.referral.when', { stage: 'mql' })).issues[0]
    expect(issue?.message).toBe('this reads itself: categories.origin → stages → categories.letter → categories.origin')
  })
})

describe('hostile documents are refused', () => {
  const nested = (depth: number, around: (inner: unknown) => unknown, core: unknown) => {
    let value = core
    for (let at = 0; at < depth; at++) value = around(value)
    return value
  }
  const not = (inner: unknown) => ({ not: inner })
  /** The condition of a playbook stands three levels deep, and what it tests one deeper. */
  const withDepth = (depth: number) => wholeWith('playbooks.call_now.when', nested(depth - 4, not, { activity: 'x' }))

  test('64 levels are read, the 65th is not', () => {
    expect(found(withDepth(64)).map((each) => each.split(' ')[0])).toEqual(['unknown_activity'])
    expect(found(withDepth(65)).map((each) => each.split(' ')[0])).toEqual(['too_deep'])
  })

  test('100,000 levels overflow nothing', () => {
    expect(found(nested(100_000, not, {})).map((each) => each.split(' ')[0])).toEqual(['too_deep'])
    expect(found(nested(100_000, (inner) => [inner], {})).map((each) => each.split(' ')[0])).toEqual(['too_deep'])
  })

  test('a document that contains itself', () => {
    const round: Record<string, unknown> = {}
    round['a'] = round
    round['b'] = [round, round]
    expect(found(round)).toHaveLength(1)
  })

  const manyCriteria = (count: number) =>
    wholeWith('scores.more', {
      groups: {
        all: {
          criteria: Array.from({ length: count - criteriaOf(parsedWhole).length }, (_, at) => ({
            id: `c${at}`,
            each: 'ordered',
            points: 1,
          })),
        },
      },
    })
  test('2,000 criteria are read, 2,001 are not', () => {
    expect(found(manyCriteria(LIMITS.criteria))).toEqual([])
    expect(found(manyCriteria(LIMITS.criteria + 1))).toEqual(['too_large at scores'])
    expect(found(manyCriteria(10_000))).toEqual(['too_large at scores'])
  })

  test('20,000 conditions are read, more are not', () => {
    const all = (count: number) => ({ all: Array.from({ length: count }, () => ({ activity: 'ordered' })) })
    const used = placesOf(parsedWhole).reduce((sum, place) => sum + everyPart(place).length, 0)
    const withConditions = (count: number) =>
      putAt(wholeWith('personas.a', { when: all(9_999) }), 'personas.b', { when: all(count - used - 10_000 - 1) })
    expect(found(withConditions(LIMITS.conditions))).toEqual([])
    expect(found(withConditions(LIMITS.conditions + 1))).toEqual(['too_large at '])
  })

  test('200,000 values are read, more are not', () => {
    const list = (count: number) => ({
      winnow: 1,
      name: 'x',
      attributes: { a: { type: 'choice', of: ['x'] } },
      x: Array.from({ length: count }, () => 1),
    })
    expect(found(list(LIMITS.nodes - 9))).toEqual(['unknown_key at x'])
    expect(found(list(LIMITS.nodes - 8))).toEqual(['too_large at '])
  })

  test('two million characters are read, more are not', () => {
    const text = (count: number) => ({ winnow: 1, name: 'x', description: 'x'.repeat(count) })
    expect(found(text(LIMITS.characters - 22))).toEqual(['too_long at description'])
    expect(found(text(LIMITS.characters - 21))).toEqual(['too_large at '])
  })

  test('500 personas, scores and categories are read, more are not', () => {
    const personas = (count: number) => {
      const document = whole() as unknown as { personas: Record<string, unknown> }
      for (let at = 0; at < count - 9; at++) document.personas[`p${at}`] = { when: { activity: 'ordered' } }
      return document
    }
    expect(found(personas(LIMITS.named))).toEqual([])
    expect(found(personas(LIMITS.named + 1))).toEqual(['too_large at scores'])
  })

  test('a thousand issues are listed, the rest is counted out', () => {
    const issues = found({
      winnow: 1,
      name: 'x',
      attributes: Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`a${at}`, { type: 'x' }])),
    })
    expect(issues).toHaveLength(1_001)
    expect(issues.at(-1)).toBe('too_many_issues at ')
  })

  test.each([undefined, null, 5, 'text', true, [], () => 5, Symbol('x'), 5n, new Date(0)])(
    '%s is no definition',
    (input) => {
      expect(parseDefinition(input).ok).toBe(false)
    },
  )

  test('a key that changes prototypes', () => {
    const document: unknown = JSON.parse(
      '{"winnow":1,"name":"x","__proto__":{"attributes":{}},"attributes":{"__proto__":{"type":"text"}}}',
    )
    expect(found(document)).toEqual(['forbidden_key at __proto__', 'forbidden_key at attributes.__proto__'])
  })

  test('maps without a prototype are plain', () => {
    expect(parseDefinition(Object.assign(Object.create(null), { winnow: 1, name: 'x' })).ok).toBe(true)
  })
})

test('the definition is a copy that later changes of the input do not reach', () => {
  const input = whole() as unknown as { name: string; attributes: Record<string, unknown> }
  const parsed = parseDefinition(input)
  input.name = 'other'
  input.attributes['x'] = 5
  expect(parsed.ok && parsed.definition).toEqual(whole())
})
