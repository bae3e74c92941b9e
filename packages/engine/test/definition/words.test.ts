import { describe, expect, test } from 'vitest'
import type { Condition, Criterion } from '../../src/definition/language.ts'
import {
  conditionInWords,
  criterionInWords,
  decayInWords,
  durationWords,
  joined,
  tableRows,
} from '../../src/definition/words.ts'
import { whole } from './whole.ts'

const conditions: readonly (readonly [Condition, string])[] = [
  [{ attribute: 'job_level', in: ['executive', 'manager'] }, 'Job level is executive or manager'],
  [{ attribute: 'job_level', is_not: 'other' }, 'Job level is not other'],
  [{ attribute: 'referred_by', is: 'Dr Who' }, 'referred by is “Dr Who”'],
  [{ attribute: 'referred_by', contains: ['a', 'b', 'c'] }, 'referred by contains “a”, “b” or “c”'],
  [{ attribute: 'referred_by', known: false }, 'referred by is not known'],
  [{ attribute: 'signs', is: true }, 'signs is yes'],
  [{ attribute: 'employees', at_least: 50, below: 200 }, 'employees is at least 50 people and is less than 200 people'],
  [{ attribute: 'employees', between: [-5, 5] }, 'employees is between −5 and 5 people'],
  [
    { attribute: 'founded', above: '2020-01-01', at_most: '2021-01-01' },
    'founded is after 2020-01-01 and is on or before 2021-01-01',
  ],
  [{ attribute: 'trial_ends', older_than: '1d' }, 'trial ends lies at least 1 day back'],
  [{ attribute: 'trial_ends', due_within: '2w' }, 'trial ends is at most 2 weeks ahead'],
  [{ attribute: 'job_level', changed_within: '30d' }, 'Job level changed within the last 30 days'],
  [{ activity: 'pricing_viewed' }, '“pricing viewed” at least once so far'],
  [{ activity: 'pricing_viewed', never: true, within: '60d' }, '“pricing viewed” not once within the last 60 days'],
  [
    { activity: ['pricing_viewed', 'demo_requested'], count: { at_least: 3 }, within: '7d' },
    '“pricing viewed” or “Demo requested” at least 3 times within the last 7 days',
  ],
  [
    { activity: 'ordered', where: { plan: 'pro', seats: { at_least: 5 }, kind: ['a', 'b'] } },
    '“ordered” (where plan is “pro”, seats is at least 5 and kind is “a” or “b”) at least once so far',
  ],
  [{ activity: 'ordered', sum: { of: 'amount', at_least: 100 } }, 'the sum of “amount” over “ordered” is at least 100'],
  [
    { activity: 'ordered', average: { of: 'amount', above: 50 }, within: '1d' },
    'the average of “amount” over “ordered” within the last 1 day is more than 50',
  ],
  [
    { activity: 'ordered', distinct_days: { at_least: 3 }, within: '14d' },
    '“ordered” on at least 3 different days within the last 14 days',
  ],
  [{ activity: 'ordered', last: { longer_ago_than: '7d' } }, '“ordered” last at least 7 days ago'],
  [
    { activity: 'ordered', trend: { against: '28d', at_least: 2 }, within: '7d' },
    '“ordered” at least 2 times as often within the last 7 days as in the 28 days before',
  ],
  [{ score: 'fit', at_least: 70 }, 'Fit is at least 70'],
  [
    { category: 'quality', in: ['high', 'medium'], for_at_least: '7d' },
    'Quality is High or medium for at least 7 days',
  ],
  [{ category: 'temperature', not_in: ['cold'] }, 'temperature is not cold'],
  [{ persona: ['buyer', 'hobbyist'] }, 'the persona is Buyer or hobbyist'],
  [{ stage: 'mql', for_at_least: '4h' }, 'the stage is MQL for at least 4 hours'],
  [{ stage: 'customer', reached: true }, 'the stage Customer has been reached at some time'],
  [{ answers: ['budget', 'need', 'authority'], at_least: 2 }, 'at least 2 of budget, need and authority are known'],
  [
    { all: [{ persona: 'buyer' }, { any: [{ score: 'fit', at_least: 1 }, { stage: 'mql' }] }] },
    'the persona is Buyer, and (Fit is at least 1, or the stage is MQL)',
  ],
  [
    { not: { all: [{ persona: 'buyer' }, { stage: 'mql' }] } },
    'it is not so that (the persona is Buyer, and the stage is MQL)',
  ],
  [
    { at_least: 2, of: [{ persona: 'buyer' }, { stage: 'mql' }, { stage: 'sal' }] },
    'at least 2 of these: the persona is Buyer; the stage is MQL; the stage is SAL',
  ],
  [{ account: { activity: 'ordered', count: { at_least: 2 } } }, 'at the account, “ordered” at least 2 times so far'],
  [
    { leads: { at_least: 2 }, when: { stage: 'mql' } },
    'the number of leads of the account for which the stage is MQL is at least 2',
  ],
]

test.each(conditions)('%j', (condition, words) => {
  expect(conditionInWords(whole(), condition)).toBe(words)
})

const all = (score: string, group: string): readonly Criterion[] => whole().scores![score].groups[group].criteria
test.each([
  [
    'size',
    'points by employees – below 20 people: 0, from 20 to below 200 people: 25, 200 people or more: 40, anything else: 1; 5 points while nobody knows',
  ],
  ['age', 'points by founded – ahead, or less than 365 days ago: −5, 365 days ago or longer: 5'],
  [
    'level',
    'points by Job level – executive: 20, manager: 10, anything else: −10; at most 15 in all; at least −5 in all',
  ],
  ['pricing', '10 points for each “pricing viewed”, at most 3 times in any 7 days, within the last 30 days'],
  ['demo', '60 points for each “Demo requested” (where seats is more than 5), without fading; at most 60 in all'],
  [
    'team',
    '1 point for each “article read” by anybody at the account, losing 25% every 7 days; 2 points while nobody knows',
  ],
  ['gone', '−30 points for each “unsubscribed”, at most once, in full for 180 days, then nothing; at least −30 in all'],
  ['trade', '10 points when industry is known and matches the pattern “(?i)wood|metal”; 2 points while nobody knows'],
])('criterion %s', (id, words) => {
  const criteria = [...all('fit', 'company'), ...all('fit', 'person'), ...all('engagement', 'intent')]
  expect(
    criterionInWords(
      whole(),
      criteria.find((each) => each.id === id)!,
    ),
  ).toBe(words)
})

test.each([
  [{ below: -180 }, 'more than 180 days ahead'],
  [{ at_least: -180, below: -30 }, 'more than 30 and at most 180 days ahead'],
  [{ at_least: -180, below: 0 }, 'at most 180 days ahead'],
  [{ at_least: -1, below: 30 }, 'at most 1 day ahead, or less than 30 days ago'],
  [{ at_least: -30 }, 'past, or at most 30 days ahead'],
  [{ below: 0 }, 'ahead'],
  [{ below: 30 }, 'ahead, or less than 30 days ago'],
  [{ at_least: 0, below: 30 }, 'less than 30 days ago'],
  [{ at_least: 30, below: 90 }, 'from 30 to below 90 days ago'],
  [{ at_least: 0 }, 'now or past'],
  [{ at_least: 90 }, '90 days ago or longer'],
  [{}, 'any date'],
])('an age in days: %j', (bin, words) => {
  expect(tableRows(whole(), { table: 'founded', bins: [{ ...bin, points: 1 }] })).toEqual([{ value: words, points: 1 }])
})

describe('small words', () => {
  test.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a or b'],
    [['a', 'b', 'c'], 'a, b or c'],
  ] as const)('%j joined', (words, text) => {
    expect(joined(words, 'or')).toBe(text)
  })

  test.each([
    ['1d', '1 day'],
    ['2w', '2 weeks'],
    ['90s', '90 seconds'],
    ['1h', '1 hour'],
    ['30m', '30 minutes'],
    ['soon', 'soon'],
  ])('%s', (text, words) => {
    expect(durationWords(text)).toBe(words)
  })

  test('decays', () => {
    expect(
      [
        undefined,
        'none' as const,
        { half_life: '14d' },
        { linear: { over: '30d' } },
        { linear: { over: '30d', after: '2d' } },
      ].map(decayInWords),
    ).toEqual([
      undefined,
      undefined,
      'halving every 14 days',
      'falling to nothing over 30 days',
      'in full for 2 days, then falling to nothing over 30 days',
    ])
  })
})
