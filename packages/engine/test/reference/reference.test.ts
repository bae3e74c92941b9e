/** Examples worked by hand from docs/semantics.md: the reference is trusted because of them. */
import { describe, expect, test } from 'vitest'
import type { Transition } from '../../src/assess/assessment.ts'
import type { Condition, Criterion, Decay, Definition, Level, Stage } from '../../src/definition/language.ts'
import type { Fact } from '../../src/facts.ts'
import { DAY_MS, HOUR_MS, type Instant } from '../../src/time.ts'
import { all, any, atLeast, not, type Truth } from './kleene.ts'
import { micro } from './numbers.ts'
import { referenceAssess, referenceNextChange, referenceReplay } from './reference.ts'
import { after, ANN, BOB, decided, did, joined, learned, learnedOf, START } from './telling.ts'

// --- Definitions in a few words --------------------------------------------------------------------------------------

const ATTRIBUTES: NonNullable<Definition['attributes']> = {
  title: { type: 'text' },
  size: { type: 'number', answers: 'budget' },
  signs: { type: 'boolean', answers: 'authority' },
  role: { type: 'choice', of: ['boss', 'worker'] },
  wishes: { type: 'choices', of: ['price', 'speed'] },
  renewal: { type: 'date' },
  industry: { type: 'choice', of: ['energy', 'retail'], about: 'account' },
}
const ACTIVITIES: NonNullable<Definition['activities']> = {
  visit: { from: 'page' },
  pricing: { from: 'page', where: { path: { starts_with: '/pricing' } } },
  demo: { from: ['form', 'call'], where: { form: 'demo' } },
}

const define = (parts: Partial<Definition>): Definition => ({
  winnow: 1,
  name: 'By hand',
  attributes: ATTRIBUTES,
  activities: ACTIVITIES,
  ...parts,
})

/** A definition whose one score is what these criteria give, unclamped. */
const scoring = (...criteria: readonly Criterion[]): Definition =>
  define({ scores: { points: { range: [-1000, 1000], groups: { only: { criteria } } } } })

const pointsAt = (criterion: Omit<Criterion, 'id'>, facts: readonly Fact[], at: Instant): number =>
  referenceAssess(scoring({ id: 'it', ...criterion } as Criterion), facts, ANN, at).scores['points']

/** Whether a condition is true, false or unknown, read from the points that it is worth. */
function truthOf(condition: Condition, facts: readonly Fact[], at: Instant): Truth {
  const points = pointsAt({ when: condition, points: 1, unknown: -1 } as Omit<Criterion, 'id'>, facts, at)
  return points === 1 ? true : points === 0 ? false : undefined
}

const levels = (
  ...list: readonly (readonly [name: string, level: Level])[]
): NonNullable<Definition['categories']> => ({
  heat: { levels: list.map(([name, level]) => ({ [name]: level })) },
})

/** `+1h stage: lead → mql`, of one lead. */
function story(definition: Definition, facts: readonly Fact[], until: Instant, lead = ANN): readonly string[] {
  return referenceReplay(definition, facts, until)
    .filter((each) => each.lead === lead)
    .map(written)
}

function written({ at, name, from, to, cause }: Transition): string {
  const days = (at - START) / DAY_MS
  return `${days}d ${name}: ${from ?? 'nothing'} → ${to}${cause === 'time' ? ' by time' : ''}`
}

// --- Section 1 and 3: numbers and three-valued logic -----------------------------------------------------------------

test.each([
  { points: 0, millionths: 0 },
  { points: 1.000_000_4, millionths: 1_000_000 },
  { points: 1.000_000_5, millionths: 1_000_001 },
  { points: -0.000_000_5, millionths: 0 },
  { points: -0.000_000_6, millionths: -1 },
])('$points points are $millionths millionths', ({ points, millionths }) => {
  expect(micro(points)).toBe(millionths)
})

describe('Kleene', () => {
  const U = undefined
  test.each([
    { a: true, b: true, both: true, either: true },
    { a: true, b: false, both: false, either: true },
    { a: true, b: U, both: U, either: true },
    { a: false, b: false, both: false, either: false },
    { a: false, b: U, both: false, either: U },
    { a: U, b: U, both: U, either: U },
  ] as const)('$a and $b', ({ a, b, both, either }) => {
    expect([all([a, b]), all([b, a])]).toEqual([both, both])
    expect([any([a, b]), any([b, a])]).toEqual([either, either])
  })

  test('not unknown is unknown', () => {
    expect([not(true), not(false), not(undefined)]).toEqual([false, true, undefined])
  })

  test.each([
    { parts: [true, true, U], least: 2, is: true },
    { parts: [true, false, U], least: 2, is: U },
    { parts: [true, false, false], least: 2, is: false },
    { parts: [U, U, false], least: 3, is: false },
    { parts: [U, U, U], least: 3, is: U },
  ] as const)('at least $least of $parts', ({ parts, least, is }) => {
    expect(atLeast(least, parts)).toBe(is)
  })
})

// --- Section 3: attributes -------------------------------------------------------------------------------------------

describe('attributes', () => {
  const at = after('1d')
  test.each<{ name: string; is: Truth; test: Condition; facts: readonly Fact[] }>([
    { name: 'nothing known', is: undefined, test: { attribute: 'size', at_least: 1 }, facts: [] },
    { name: 'nothing known is known', is: false, test: { attribute: 'size', known: true }, facts: [] },
    {
      name: 'known, and something else too',
      is: undefined,
      test: { attribute: 'size', known: false, is: 1 },
      facts: [],
    },
    {
      name: 'text for a number',
      is: undefined,
      test: { attribute: 'size', is: 12 },
      facts: [learned('size', '12', START)],
    },
    {
      name: 'no longer known',
      is: undefined,
      test: { attribute: 'size', is: 12 },
      facts: [learned('size', 12, START), learned('size', null, at)],
    },
    { name: 'not yet', is: undefined, test: { attribute: 'size', is: 12 }, facts: [learned('size', 12, at + 1)] },
    { name: 'now', is: true, test: { attribute: 'size', is: 12 }, facts: [learned('size', 12, at)] },
    {
      name: 'all operators together',
      is: false,
      test: { attribute: 'size', at_least: 5, below: 12 },
      facts: [learned('size', 12, at)],
    },
    {
      name: 'case and composition',
      is: true,
      test: { attribute: 'title', is: 'JOSÉ' },
      facts: [learned('title', 'Jose\u0301', at)],
    },
    {
      name: 'a pattern looks at the value as it is',
      is: false,
      test: { attribute: 'title', matches: 'josé' },
      facts: [learned('title', 'José', at)],
    },
    {
      name: 'a choice that is not listed',
      is: undefined,
      test: { attribute: 'role', is: 'boss' },
      facts: [learned('role', 'Boss', at)],
    },
    {
      name: 'some of several choices',
      is: true,
      test: { attribute: 'wishes', in: ['speed'] },
      facts: [learned('wishes', ['other', 'speed'], at)],
    },
    {
      name: 'none of several choices',
      is: true,
      test: { attribute: 'wishes', is_not: 'price' },
      facts: [learned('wishes', ['speed'], at)],
    },
    {
      name: 'an empty list is known',
      is: true,
      test: { attribute: 'wishes', not_in: ['price'] },
      facts: [learned('wishes', [], at)],
    },
    {
      name: 'a list of strangers is not',
      is: undefined,
      test: { attribute: 'wishes', not_in: ['price'] },
      facts: [learned('wishes', ['other'], at)],
    },
    {
      name: 'no such day',
      is: undefined,
      test: { attribute: 'renewal', older_than: '0s' },
      facts: [learned('renewal', '2026-02-30', at)],
    },
    {
      name: 'without an account',
      is: undefined,
      test: { attribute: 'industry', is: 'energy' },
      facts: [learnedOf('acme', 'industry', 'energy', at)],
    },
    {
      name: 'of the account',
      is: true,
      test: { attribute: 'industry', is: 'energy' },
      facts: [learnedOf('acme', 'industry', 'energy', START), joined('acme', at)],
    },
    {
      name: 'of the account before',
      is: undefined,
      test: { attribute: 'industry', is: 'energy' },
      facts: [learnedOf('acme', 'industry', 'energy', START), joined('acme', START), joined(null, at)],
    },
    {
      name: 'the lead cannot have it',
      is: undefined,
      test: { attribute: 'industry', is: 'energy' },
      facts: [joined('acme', START), learned('industry', 'energy', at)],
    },
    {
      name: 'the later id wins at one instant',
      is: true,
      test: { attribute: 'size', is: 2 },
      facts: [learned('size', 1, at), learned('size', 2, at)],
    },
  ])('$name: $is', ({ is, test, facts }) => {
    expect(truthOf(test, facts, at)).toBe(is)
  })

  test('the first fact of an id is the one that counts', () => {
    const first = learned('size', 1, after('2d'))
    const again = { ...learned('size', 2, after('1d')), id: first.id }
    expect(truthOf({ attribute: 'size', is: 1 }, [first, again], after('2d'))).toBe(true)
    expect(truthOf({ attribute: 'size', is: 2 }, [first, again], after('1d'))).toBe(undefined)
  })

  test.each([
    { name: 'the last millisecond', at: after('3d', -1), is: true },
    { name: 'the end', at: after('3d'), is: false },
  ])('changed within 2d of a change after 1d: $name', ({ at, is }) => {
    // The value stays the same on the second day, so it changed on the first.
    const facts = [learned('size', 5, after('1d')), learned('size', 5, after('2d'))]
    expect(truthOf({ attribute: 'size', changed_within: '2d' }, facts, at)).toBe(is)
  })

  test('choices in another order are the same value', () => {
    const facts = [
      learned('wishes', ['price', 'speed'], START),
      learned('wishes', ['speed', 'price', 'price'], after('1d')),
    ]
    expect(truthOf({ attribute: 'wishes', changed_within: '1d' }, facts, after('1d'))).toBe(false)
  })

  const renewal = [learned('renewal', '2024-10-06', START)] // 20002 days after 1970: two days after the start
  test.each<{ test: Condition; at: Instant; is: boolean }>([
    { test: { attribute: 'renewal', older_than: '1d' }, at: after('3d', -1), is: false },
    { test: { attribute: 'renewal', older_than: '1d' }, at: after('3d'), is: true },
    { test: { attribute: 'renewal', newer_than: '1d' }, at: after('2d', -1), is: false },
    { test: { attribute: 'renewal', newer_than: '1d' }, at: after('2d'), is: true },
    { test: { attribute: 'renewal', newer_than: '1d' }, at: after('3d', -1), is: true },
    { test: { attribute: 'renewal', newer_than: '1d' }, at: after('3d'), is: false },
    { test: { attribute: 'renewal', due_within: '1d' }, at: after('1d', -1), is: false },
    { test: { attribute: 'renewal', due_within: '1d' }, at: after('1d'), is: true },
    { test: { attribute: 'renewal', due_within: '1d' }, at: after('2d'), is: true },
    { test: { attribute: 'renewal', due_within: '1d' }, at: after('2d', 1), is: false },
    { test: { attribute: 'renewal', at_least: '2024-10-06' }, at: START, is: true },
    { test: { attribute: 'renewal', above: '2024-10-06' }, at: START, is: false },
  ])('$test at $at: $is', ({ test, at, is }) => {
    expect(truthOf(test, renewal, at)).toBe(is)
  })

  test('answers count known topics', () => {
    const facts = [learned('size', 1, START), learned('signs', 'yes', START)]
    const answers = ['budget', 'authority']
    expect(truthOf({ answers, at_least: 1 }, facts, START)).toBe(true)
    expect(truthOf({ answers, at_least: 2 }, facts, START)).toBe(false)
  })
})

// --- Section 4: activities -------------------------------------------------------------------------------------------

describe('activities', () => {
  const visits = [
    did('page', START, { amount: 10 }),
    did('page', after('1d'), { amount: '7' }),
    did('page', after('1d', 1), { amount: 20 }),
  ]
  test.each<{ name: string; test: Condition; at: Instant; is: Truth }>([
    { name: 'ever, at the instant itself', test: { activity: 'visit' }, at: START, is: true },
    { name: 'never', test: { activity: 'visit', never: true }, at: after('7d'), is: false },
    {
      name: 'the window has all three',
      test: { activity: 'visit', within: '2d', count: { is: 3 } },
      at: after('2d', -1),
      is: true,
    },
    {
      name: 'the window loses the first',
      test: { activity: 'visit', within: '2d', count: { is: 2 } },
      at: after('2d'),
      is: true,
    },
    {
      name: 'a sum skips what is no number',
      test: { activity: 'visit', sum: { of: 'amount', is: 30 } },
      at: after('2d'),
      is: true,
    },
    {
      name: 'an average divides by numbers only',
      test: { activity: 'visit', average: { of: 'amount', is: 15 } },
      at: after('2d'),
      is: true,
    },
    {
      name: 'an average of nothing',
      test: { activity: 'visit', average: { of: 'other', is: 0 } },
      at: after('2d'),
      is: undefined,
    },
    { name: 'a sum of nothing', test: { activity: 'visit', sum: { of: 'other', is: 0 } }, at: after('2d'), is: true },
    { name: 'two days', test: { activity: 'visit', distinct_days: { is: 2 } }, at: after('2d'), is: true },
    { name: 'the latest is recent', test: { activity: 'visit', last: { within: '1d' } }, at: after('2d'), is: true },
    {
      name: 'the latest is no longer recent',
      test: { activity: 'visit', last: { within: '1d' } },
      at: after('2d', 1),
      is: false,
    },
    {
      name: 'the latest is long ago',
      test: { activity: 'visit', last: { longer_ago_than: '1d' } },
      at: after('2d', 1),
      is: true,
    },
    {
      name: 'no latest is not long ago',
      test: { activity: 'demo', last: { longer_ago_than: '1d' } },
      at: after('2d', 1),
      is: false,
    },
    {
      name: 'one event is several activities',
      test: { activity: ['visit', 'pricing'], count: { is: 3 } },
      at: after('2d'),
      is: true,
    },
    {
      name: 'twice the earlier rate',
      test: { activity: 'visit', within: '1d', trend: { against: '1d', at_least: 2 } },
      at: after('1d', 1),
      is: true,
    },
    {
      name: 'nothing before: no most',
      test: { activity: 'visit', within: '2d', trend: { against: '1d', at_most: 9 } },
      at: after('1d', 1),
      is: false,
    },
  ])('$name: $is', ({ test, at, is }) => {
    expect(truthOf(test, visits, at)).toBe(is)
  })

  test.each<{ name: string; where: NonNullable<Extract<Condition, { activity: unknown }>['where']>; is: boolean }>([
    { name: 'a scalar is equality', where: { form: 'DEMO' }, is: true },
    { name: 'a list is any of', where: { amount: [1, 7] }, is: true },
    { name: 'no coercion', where: { amount: '7' }, is: false },
    { name: 'missing', where: { other: { is_not: 1 } }, is: false },
    { name: 'missing is not known', where: { other: { known: false } }, is: true },
    { name: 'null is not known', where: { nothing: { known: false } }, is: true },
    { name: 'another type is another value', where: { form: { is_not: 7 } }, is: true },
    { name: 'a map has no order', where: { utm: { not_in: ['x'] } }, is: false },
    { name: 'a dotted path', where: { 'utm.source': 'ads' }, is: true },
    { name: 'the name as it is comes first', where: { 'a.b': 1 }, is: true },
    { name: 'a date in text', where: { on: { at_least: '2026-01-01' } }, is: true },
    { name: 'a number is no date', where: { amount: { at_least: '2026-01-01' } }, is: false },
  ])('where: $name: $is', ({ where, is }) => {
    const properties = {
      form: 'demo',
      amount: 7,
      nothing: null,
      utm: { source: 'ads' },
      'a.b': 1,
      a: { b: 2 },
      on: '2026-01-01T00:00:00Z',
    }
    expect(truthOf({ activity: 'visit', where }, [did('page', START, properties)], START)).toBe(is)
  })
})

describe('accounts', () => {
  const facts = [
    joined('acme', START),
    did('page', START, {}, BOB),
    joined('acme', after('1d'), BOB),
    learned('size', 5, after('2d')),
  ]
  test.each<{ name: string; test: Condition; at: Instant; is: Truth }>([
    {
      name: 'the colleague is not there yet',
      test: { account: { activity: 'visit' } },
      at: after('1d', -1),
      is: false,
    },
    {
      name: 'the colleague brings the past along',
      test: { account: { activity: 'visit' } },
      at: after('1d'),
      is: true,
    },
    { name: 'the lead itself did nothing', test: { activity: 'visit' }, at: after('1d'), is: false },
    {
      name: 'both may be',
      test: { leads: { at_least: 1 }, when: { attribute: 'size', is: 5 } },
      at: after('1d'),
      is: undefined,
    },
    {
      name: 'one is for certain',
      test: { leads: { at_least: 1 }, when: { attribute: 'size', is: 5 } },
      at: after('2d'),
      is: true,
    },
    {
      name: 'two may be',
      test: { leads: { at_least: 2 }, when: { attribute: 'size', is: 5 } },
      at: after('2d'),
      is: undefined,
    },
    {
      name: 'three cannot be',
      test: { leads: { at_least: 3 }, when: { attribute: 'size', is: 5 } },
      at: after('2d'),
      is: false,
    },
    {
      name: 'at most two are',
      test: { leads: { at_most: 2 }, when: { attribute: 'size', is: 5 } },
      at: after('2d'),
      is: true,
    },
  ])('$name: $is', ({ test, at, is }) => {
    expect(truthOf(test, facts, at)).toBe(is)
  })

  test('without one everything about it is unknown', () => {
    expect(truthOf({ account: { not: { activity: 'visit' } } }, [did('page', START)], START)).toBe(undefined)
    expect(truthOf({ leads: { at_least: 0 }, when: { activity: 'visit' } }, [did('page', START)], START)).toBe(
      undefined,
    )
    const each: Omit<Criterion, 'id'> = { each: 'visit', points: 5, by: 'account', unknown: 2 } as Omit<Criterion, 'id'>
    expect(pointsAt(each, [did('page', START)], START)).toBe(2)
  })
})

// --- Section 5: criteria ---------------------------------------------------------------------------------------------

describe('decay of 16 points', () => {
  test.each<{ decay: Decay; age: string; points: number }>([
    { decay: 'none', age: '36525d', points: 16 },
    { decay: { half_life: '14d' }, age: '0s', points: 16 },
    { decay: { half_life: '14d' }, age: '14d', points: 8 },
    { decay: { half_life: '14d' }, age: '7d', points: 11.313_708 }, // 16 / √2
    { decay: { half_life: '14d' }, age: '70d', points: 0.5 },
    { decay: { linear: { over: '4d' } }, age: '1d', points: 12 },
    { decay: { linear: { over: '4d' } }, age: '4d', points: 0 },
    { decay: { linear: { over: '4d', after: '1d' } }, age: '1d', points: 16 },
    { decay: { linear: { over: '4d', after: '1d' } }, age: '2d', points: 12 },
    { decay: { linear: { over: '4d', after: '1d' } }, age: '9d', points: 0 },
    { decay: { steps: { every: '7d', lose: '25%' } }, age: '6d', points: 16 },
    { decay: { steps: { every: '7d', lose: '25%' } }, age: '7d', points: 12 },
    { decay: { steps: { every: '7d', lose: '25%' } }, age: '21d', points: 4 },
    { decay: { steps: { every: '7d', lose: '25%' } }, age: '35d', points: 0 },
    { decay: { expires: '7d' }, age: '6d', points: 16 },
    { decay: { expires: '7d' }, age: '7d', points: 0 },
  ])('$decay after $age: $points', ({ decay, age, points }) => {
    const criterion = { each: 'visit', points: 16, decay } as Omit<Criterion, 'id'>
    expect(pointsAt(criterion, [did('page', START)], after(age))).toBe(points)
  })

  test('the nearest decay wins, and `none` switches an outer one off', () => {
    const definition = define({
      scores: {
        points: {
          decay: { half_life: '1d' },
          groups: {
            own: {
              decay: { half_life: '2d' },
              criteria: [
                { id: 'none', each: 'visit', points: 16, decay: 'none' },
                { id: 'group', each: 'visit', points: 16 },
              ],
            },
            outer: { criteria: [{ id: 'score', each: 'visit', points: 16 }] },
          },
        },
      },
    })
    const { contributions } = referenceAssess(definition, [did('page', START)], ANN, after('2d'))
    expect(contributions).toEqual({ none: 16, group: 8, score: 4 })
  })
})

describe('frequency and window', () => {
  const days = ['0s', '1d', '2d', '3d'].map((day) => did('page', after(day)))
  test.each<{ name: string; criterion: object; at: string; points: number }>([
    { name: 'all', criterion: {}, at: '3d', points: 40 },
    // Of day 0 to 3, day 1 comes too soon after day 0, day 3 too soon after day 2.
    { name: 'one in two days', criterion: { count: { at_most: 1, within: '2d' } }, at: '3d', points: 20 },
    { name: 'two in three days', criterion: { count: { at_most: 2, within: '3d' } }, at: '3d', points: 30 },
    { name: 'the first three ever', criterion: { count: { at_most: 3 } }, at: '3d', points: 30 },
    { name: 'a window of two days', criterion: { within: '2d' }, at: '3d', points: 20 },
    // The limit also looks at what has left the window: only day 0 counted, and it is gone.
    { name: 'limit and window', criterion: { within: '2d', count: { at_most: 1 } }, at: '3d', points: 0 },
    { name: 'cap', criterion: { cap: 25 }, at: '3d', points: 25 },
    { name: 'floor', criterion: { points: -10, floor: -15 }, at: '3d', points: -15 },
    { name: 'floor above nothing', criterion: { floor: 3, within: '1d' }, at: '9d', points: 3 },
  ])('$name: $points', ({ criterion, at, points }) => {
    expect(pointsAt({ each: 'visit', points: 10, ...criterion } as Omit<Criterion, 'id'>, days, after(at))).toBe(points)
  })

  test('two at one instant are looked at one after the other', () => {
    const facts = [did('page', START), did('page', START)]
    const criterion = { each: 'visit', points: 10, count: { at_most: 1, within: '1h' } } as Omit<Criterion, 'id'>
    expect(pointsAt(criterion, facts, START)).toBe(10)
  })
})

describe('tables', () => {
  const bins = [
    { below: 10, points: 1 },
    { below: 20, points: 2 },
    { at_least: 30, points: 3 },
  ]
  test.each([
    { value: -5, points: 1 },
    { value: 10, points: 2 },
    { value: 19.99, points: 2 },
    { value: 20, points: 7 },
    { value: 30, points: 3 },
    { value: 'many', points: 4 },
  ])('size $value: $points', ({ value, points }) => {
    const criterion = { table: 'size', bins, otherwise: 7, unknown: 4 } as Omit<Criterion, 'id'>
    expect(pointsAt(criterion, [learned('size', value, START)], START)).toBe(points)
  })

  test.each([
    { wishes: ['price', 'speed'], points: 5 },
    { wishes: ['speed', 'speed'], points: 3 },
    { wishes: [], points: 9 },
    { wishes: ['other'], points: 4 },
  ])('wishes $wishes: $points', ({ wishes, points }) => {
    const criterion = { table: 'wishes', values: { price: 2, speed: 3 }, otherwise: 9, unknown: 4 } as Omit<
      Criterion,
      'id'
    >
    expect(pointsAt(criterion, [learned('wishes', wishes, START)], START)).toBe(points)
  })

  test('a date is looked up by its age in days', () => {
    const criterion = { table: 'renewal', bins: [{ below: 0, points: 1 }, { below: 1.5, points: 2 }, { points: 3 }] }
    const at = (instant: Instant) =>
      pointsAt(criterion as Omit<Criterion, 'id'>, [learned('renewal', '2024-10-06', START)], instant)
    expect([after('2d', -1), after('2d'), after('84h', -1), after('84h')].map(at)).toEqual([1, 2, 2, 3])
  })
})

test('points of a definition are whole millionths', () => {
  const definition = scoring(
    { id: 'little', each: 'visit', points: 0.000_000_4 },
    { id: 'more', each: 'visit', points: 0.000_000_6 },
  )
  const { scores } = referenceAssess(definition, [did('page', START), did('page', START)], ANN, START)
  expect(scores).toEqual({ points: 0.000_002 })
})

test('groups are capped, weighed and added, and the score clamped to its range', () => {
  const definition = define({
    scores: {
      points: {
        range: [0, 50],
        groups: {
          first: { cap: 20, weight: 1.5, criteria: [{ id: 'a', each: 'visit', points: 25 }] },
          second: { floor: -5, weight: 0.5, criteria: [{ id: 'b', each: 'visit', points: -30, floor: -20 }] },
        },
      },
    },
  })
  const result = referenceAssess(definition, [did('page', START)], ANN, START)
  expect(result.contributions).toEqual({ a: 25, b: -20 })
  expect(result.scores).toEqual({ points: 27.5 }) // 20 · 1.5 − 5 · 0.5
  expect(referenceAssess(definition, [], ANN, START).scores).toEqual({ points: 0 })
})

// --- Section 7: categories -------------------------------------------------------------------------------------------

const engagement: NonNullable<Definition['scores']> = {
  points: { groups: { only: { criteria: [{ id: 'visits', each: 'visit', points: 80, decay: { half_life: '1d' } }] } } },
}

describe('categories', () => {
  test('decay leaves a level in the millisecond in which the score rounds to less than the threshold', () => {
    const definition = define({
      scores: engagement,
      categories: levels(['hot', { when: { score: 'points', at_least: 50 } }], ['cold', {}]),
    })
    const [, change] = referenceReplay(definition, [did('page', START)], after('9d')).filter(
      (each) => each.kind === 'category',
    )
    // 80 · 2^(−age) < 49.9999995  ⟺  age > log2(80 / 49.9999995) days
    const age = change.at - START
    expect(80 * 2 ** (-age / DAY_MS)).toBeLessThan(49.999_999_5)
    expect(80 * 2 ** (-(age - 1) / DAY_MS)).toBeGreaterThanOrEqual(49.999_999_5)
    expect(change).toMatchObject({ from: 'hot', to: 'cold', cause: 'time' })
  })

  test('hysteresis: enters at 60, stays down to 20', () => {
    const hot: Level = { when: { score: 'points', at_least: 60 }, stays_while: { score: 'points', at_least: 20 } }
    const definition = define({
      scores: engagement,
      categories: levels(['hot', hot], ['cold', {}]),
      stages: [{ id: 'lead' }],
    })
    const times = referenceReplay(definition, [did('page', START)], after('9d')).map((each) => [
      each.to,
      (each.at - START) / DAY_MS,
    ])
    expect(times).toEqual([
      ['hot', 0],
      ['lead', 0],
      ['cold', expect.closeTo(2, 6)], // 80 · 2^(−2) = 20
    ])
  })

  test('a level below takes in who falls from a better one, while its own `stays_while` is not false', () => {
    const definition = define({
      categories: levels(
        ['hot', { when: { activity: 'visit', within: '1d' } }],
        ['warm', { when: { activity: 'demo' }, stays_while: { activity: 'visit', within: '3d' } }],
        ['cold', {}],
      ),
    })
    const changes = story(definition, [did('page', START)], after('9d')).filter((each) => each.includes('heat'))
    expect(changes).toEqual(['0d heat: nothing → hot', '1d heat: hot → warm by time', '3d heat: warm → cold by time'])
  })

  test('unknown never takes a level away', () => {
    const hot: Level = { when: { attribute: 'size', at_least: 10 }, stays_while: { attribute: 'size', at_least: 5 } }
    const definition = define({ categories: levels(['hot', hot], ['cold', {}]) })
    const facts = [learned('size', 10, START), learned('size', null, after('1d')), learned('size', 4, after('2d'))]
    const changes = story(definition, facts, after('9d')).filter((each) => each.includes('heat'))
    expect(changes).toEqual(['0d heat: nothing → hot', '2d heat: hot → cold'])
  })

  test('dwell: `for_at_least` begins anew after every break', () => {
    const hot: Level = { when: { activity: 'visit', within: '2d' }, for_at_least: '3d' }
    const definition = define({ categories: levels(['hot', hot], ['cold', {}]) })
    // True from day 0 to 2 and from day 3 on, renewed on day 4: three days of it are over on day 6, when it ends as well.
    const broken = [did('page', START), did('page', after('3d')), did('page', after('4d'))]
    const lasting = [...broken, did('page', after('5d'))]
    const heat = (facts: readonly Fact[]) =>
      story(definition, facts, after('20d')).filter((each) => each.includes('heat'))
    expect(heat(broken)).toEqual(['0d heat: nothing → cold'])
    expect(heat(lasting)).toEqual([
      '0d heat: nothing → cold',
      '6d heat: cold → hot by time',
      '7d heat: hot → cold by time',
    ])
  })

  test('`stays_at_least` counts from when the level was entered', () => {
    const hot: Level = { when: { activity: 'visit', within: '1d' }, stays_at_least: '3d' }
    const definition = define({ categories: levels(['hot', hot], ['cold', {}]) })
    const facts = [did('page', START), did('page', after('1d'))]
    expect(story(definition, facts, after('9d')).filter((each) => each.includes('heat'))).toEqual([
      '0d heat: nothing → hot',
      '3d heat: hot → cold by time',
    ])
  })

  test('an override forces a level until it ends, and then counts as the level before', () => {
    const warm: Level = { when: { activity: 'demo' }, stays_while: { activity: 'visit', within: '5d' } }
    const definition = define({
      categories: levels(['hot', { when: { activity: 'demo' } }], ['warm', warm], ['cold', {}]),
    })
    const facts = [
      did('page', START),
      decided('override', after('1d'), { category: 'heat', level: 'hot', until: after('2d') }),
    ]
    expect(story(definition, facts, after('9d')).filter((each) => each.includes('heat'))).toEqual([
      '0d heat: nothing → cold',
      '1d heat: cold → hot',
      '2d heat: hot → warm by time',
      '5d heat: warm → cold by time',
    ])
  })

  test('the latest override counts; one of an unknown level does not', () => {
    const definition = define({ categories: levels(['hot', { when: { activity: 'demo' } }], ['cold', {}]) })
    const facts = [
      did('page', START),
      decided('override', after('1d'), { category: 'heat', level: 'hot' }),
      decided('override', after('2d'), { category: 'heat', level: 'boiling' }),
      decided('override', after('3d'), { category: 'heat', level: 'hot', until: after('3d') }),
    ]
    expect(story(definition, facts, after('9d')).filter((each) => each.includes('heat'))).toEqual([
      '0d heat: nothing → cold',
      '1d heat: cold → hot',
      '3d heat: hot → cold',
    ])
  })

  test('a matrix has the level of its cell', () => {
    const definition = define({
      categories: {
        ...levels(['hot', { when: { activity: 'visit', within: '1d' } }], ['cold', {}]),
        grade: { matrix: { rows: 'heat', columns: 'heard' } },
        heard: { levels: [{ yes: { when: { activity: 'demo' } } }, { no: {} }] },
        named: {
          matrix: {
            rows: 'heat',
            columns: 'heard',
            cells: { hot: { yes: 'A', no: 'B' }, cold: { yes: 'C', no: 'C' } },
          },
        },
      },
    })
    const assessed = (at: Instant) => referenceAssess(definition, [did('page', START)], ANN, at).levels
    expect(assessed(START)).toEqual({ heat: 'hot', grade: 'hot_no', heard: 'no', named: 'B' })
    expect(assessed(after('1d'))).toMatchObject({ grade: 'cold_no', named: 'C' })
  })
})

// --- Section 8: stages -----------------------------------------------------------------------------------------------

describe('stages', () => {
  const visiting: Condition = { activity: 'visit', within: '2d' }
  const staged = (...stages: readonly Stage[]): Definition => define({ stages: [{ id: 'lead' }, ...stages] })
  const path = [
    { id: 'mql', enter: visiting },
    { id: 'sal', by: 'accept', needs: { attribute: 'size', known: true } },
    { id: 'customer', by: 'win' },
  ] as const

  test('a lead moves by itself, and never back by itself', () => {
    expect(story(staged(...path), [did('page', START)], after('9d'))).toEqual([
      '0d stage: nothing → lead',
      '0d stage: lead → mql',
    ])
  })

  test('several stages at one instant are several moves', () => {
    const definition = staged(
      { id: 'a', enter: visiting },
      { id: 'b', enter: visiting },
      { id: 'c', enter: visiting, needs: { activity: 'demo' } },
    )
    expect(story(definition, [did('page', START)], START)).toEqual([
      '0d stage: nothing → lead',
      '0d stage: lead → a',
      '0d stage: a → b',
    ])
  })

  test('an `enter` that reads the stage reads the one before, so it follows a millisecond later', () => {
    const definition = staged({ id: 'a', enter: visiting }, { id: 'b', enter: { stage: 'a' } })
    const times = referenceReplay(definition, [did('page', START)], after('9d')).map((each) => [
      each.to,
      each.at - START,
    ])
    expect(times).toEqual([
      ['lead', 0],
      ['a', 0],
      ['b', 1],
    ])
  })

  test('an acceptance without what it needs has no effect', () => {
    const facts = [
      did('page', START),
      decided('accept', after('1d')),
      learned('size', 5, after('2d')),
      decided('accept', after('2d')),
    ]
    expect(story(staged(...path), facts, after('9d')).slice(2)).toEqual(['2d stage: mql → sal'])
  })

  test('all facts of an instant count before its decisions, whatever their order', () => {
    const facts = [decided('accept', START), did('page', START), learned('size', 5, START)]
    expect(story(staged(...path), facts, START)).toEqual([
      '0d stage: nothing → lead',
      '0d stage: lead → mql',
      '0d stage: mql → sal',
    ])
  })

  test('after a step back a stage is shut until its `enter` was not true', () => {
    const facts = [
      did('page', START),
      decided('reject', after('1d')),
      did('page', after('1d', 1)),
      did('page', after('6d')),
    ]
    expect(story(staged(...path), facts, after('9d')).slice(2)).toEqual([
      '1d stage: mql → lead',
      '6d stage: lead → mql', // it was not true from shortly after day 3 to day 6
    ])
  })

  test('a cool-down ends at its instant, even while `enter` has been true throughout', () => {
    const nurture: Stage = { id: 'nurture', by: ['recycle'], cool_down: '3d' }
    const often = ['1d', '2d', '3d', '4d', '5d', '6d'].map((day) => did('page', after(day, 7)))
    const facts = [did('page', START), decided('recycle', after('1d')), ...often]
    expect(story(staged(...path, nurture), facts, after('9d')).slice(2)).toEqual([
      '1d stage: mql → nurture',
      '4d stage: nurture → mql by time',
    ])
  })

  test('a closed stage is left only by recycle, win or an override', () => {
    const facts = [
      did('page', START),
      decided('disqualify', after('1d')),
      decided('accept', after('2d')),
      decided('lose', after('3d')),
      decided('reject', after('4d')),
      decided('recycle', after('5d')),
      decided('lose', after('6d')),
      decided('win', after('7d')),
      decided('disqualify', after('8d')),
    ]
    expect(story(staged(...path), facts, after('9d')).slice(2)).toEqual([
      '1d stage: mql → disqualified',
      '5d stage: disqualified → lead',
      '6d stage: lead → lost',
      '7d stage: lost → customer',
    ])
  })

  test('an override of the stage opens what was shut', () => {
    const facts = [
      did('page', START),
      decided('reject', after('1d')),
      decided('override', after('1d', HOUR_MS), { stage: 'lead' }),
    ]
    expect(story(staged(...path), facts, after('9d')).slice(2)).toEqual([
      '1d stage: mql → lead',
      `${25 / 24}d stage: lead → mql`,
    ])
  })

  test('a service level is breached at its instant, once a stay', () => {
    const definition = staged({ id: 'mql', enter: visiting, sla: '1d' })
    expect(story(definition, [did('page', START)], after('9d')).slice(2)).toEqual([
      '1d mql: nothing → breached by time',
    ])
    const due = (at: Instant) => referenceAssess(definition, [did('page', START)], ANN, at).stage
    expect(due(after('1d', -1))).toEqual({ id: 'mql', since: START, sla: { dueAt: after('1d'), breached: false } })
    expect(due(after('1d')).sla).toEqual({ dueAt: after('1d'), breached: true })
  })

  test('time in a stage, and stages that were reached', () => {
    const definition = define({
      categories: {
        waiting: { levels: [{ long: { when: { stage: 'mql', for_at_least: '1d' } } }, { short: {} }] },
        history: { levels: [{ was: { when: { stage: 'mql', reached: true } } }, { never: {} }] },
      },
      stages: [{ id: 'lead' }, ...path],
    })
    const facts = [did('page', START), decided('reject', after('3d'))]
    expect(story(definition, facts, after('9d'))).toEqual([
      '0d waiting: nothing → short',
      '0d history: nothing → was',
      '0d stage: nothing → lead',
      '0d stage: lead → mql',
      '1d waiting: short → long by time',
      '3d stage: mql → lead',
      '3d waiting: long → short',
    ])
  })

  test('what a colleague decides counts at the same instant', () => {
    const definition = define({
      categories: {
        team: { levels: [{ busy: { when: { leads: { at_least: 1 }, when: { stage: 'mql' } } } }, { idle: {} }] },
      },
      stages: [{ id: 'lead' }, { id: 'mql', by: 'accept' }],
    })
    const facts = [joined('acme', START), joined('acme', START, BOB), decided('accept', after('1d'), undefined, BOB)]
    expect(story(definition, facts, after('2d')).at(-1)).toBe('1d team: idle → busy')
  })
})

// --- Section 9 and beyond --------------------------------------------------------------------------------------------

test('a colleague’s fact is no cause where the definition does not look at accounts', () => {
  const facts = [joined('acme', START), joined('acme', START, BOB), did('page', after('1d'), {}, BOB)]
  const categories = {
    waiting: { levels: [{ long: { when: { stage: 'lead', for_at_least: '1d' } } }, { short: {} }] },
  }
  const alone = define({ categories, stages: [{ id: 'lead' }] })
  expect(story(alone, facts, after('1d')).at(-1)).toBe('1d waiting: short → long by time')
  const looking = define({
    categories,
    stages: [{ id: 'lead' }, { id: 'mql', enter: { account: { activity: 'demo' } } }],
  })
  expect(story(looking, facts, after('1d')).at(-1)).toBe('1d waiting: short → long')
})

test('a service level is breached by time, also at the instant of a fact', () => {
  const waiting = define({
    stages: [
      { id: 'lead', sla: '1d' },
      { id: 'mql', by: 'accept' },
    ],
  })
  const facts = [did('page', START), decided('accept', after('1d'))]
  expect(story(waiting, facts, after('1d')).slice(1)).toEqual([
    '1d lead: nothing → breached by time',
    '1d stage: lead → mql',
  ])
})

test('a lead without facts is one that came into being just now', () => {
  const definition = define({
    stages: [
      {
        id: 'lead',
        sla: '1d',
      },
    ],
    scores: engagement,
  })
  expect(referenceAssess(definition, [], ANN, after('5d'))).toMatchObject({
    scores: { points: 0 },
    stage: { id: 'lead', since: after('5d') },
  })
  expect(referenceNextChange(definition, [], { lead: ANN, asOf: after('5d'), horizonMs: DAY_MS })?.at).toBe(after('6d'))
})

test('the next change is the first of all that time brings, with no new facts', () => {
  const definition = define({
    scores: engagement,
    categories: levels(['hot', { when: { score: 'points', at_least: 20 } }], ['cold', {}]),
    stages: [{ id: 'lead', sla: '3d' }],
  })
  const facts = [did('page', START), did('page', after('1d'))]
  const next = (asOf: Instant) => referenceNextChange(definition, facts, { lead: ANN, asOf, horizonMs: 90 * DAY_MS })
  // 80 · 2^(−age) falls below 20 after two days, within a millisecond of rounding.
  expect(next(START)).toMatchObject({ name: 'heat', to: 'cold' })
  expect((next(START)!.at - START) / DAY_MS).toBeCloseTo(2, 6)
  // With the second visit 120 · 2^(−age) does so after 2.58 days more.
  expect((next(after('1d'))!.at - START) / DAY_MS).toBe(3)
  expect((next(after('3d'))!.at - START) / DAY_MS).toBeCloseTo(1 + Math.log2(120 / 20), 6)
  expect(next(after('4d'))).toBe(undefined)
})

test('transitions come by instant, then lead', () => {
  const definition = define({ stages: [{ id: 'lead', sla: '1d' }] })
  const transitions = referenceReplay(definition, [did('page', START, {}, BOB), did('page', START)], after('1d'))
  expect(transitions.map(({ at, lead, to }) => [at - START, lead, to])).toEqual([
    [0, 'ann', 'lead'],
    [0, 'bob', 'lead'],
    [DAY_MS, 'ann', 'breached'],
    [DAY_MS, 'bob', 'breached'],
  ])
})
