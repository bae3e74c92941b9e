import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sumsOf } from '../src/ui/sums.ts'

const line = fc.record({
  score: fc.constant('interest'),
  group: fc.constantFrom('asks', 'reads', ''),
  criterion: fc.constant('some'),
  outcome: fc.constantFrom('matched', 'decayed', 'unknown', 'not_matched'),
  points: fc.integer({ min: -90_000_000, max: 90_000_000 }).map((micro) => micro / 1_000_000),
  because: fc.constant(''),
  phrase: fc.constant({ key: 'account_unknown' as const, args: {} }),
  evidence: fc.constant<string[]>([]),
})

test('what is shown adds up, and no line is off by more than a tenth', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (contributions) => {
      const [score] = sumsOf({ contributions })
      const shown = score!.groups.flatMap(({ lines, adjustments, idle }) => [...lines, ...adjustments, ...idle])
      const all = [...shown, ...score!.limits]
      const exact = contributions.reduce((sum, { points }) => sum + points, 0)
      expect(all.reduce((sum, { tenths }) => sum + tenths, 0)).toBe(score!.tenths)
      expect(Math.abs(score!.tenths - exact * 10)).toBeLessThan(0.5001)
      for (const { tenths, points } of all) expect(Math.abs(tenths - points * 10)).toBeLessThanOrEqual(1)
      const groups = score!.groups.reduce((sum, { tenths }) => sum + tenths, 0)
      expect(groups + score!.limits.reduce((sum, { tenths }) => sum + tenths, 0)).toBe(score!.tenths)
    }),
  )
})

test('a line that has faded says from what', () => {
  const occurrences = {
    count: 1,
    activities: '“demo requested”',
    latest: { key: 'ago', args: { ms: 424_800_000 } },
  } as const
  const line = { score: 's', group: 'g', criterion: 'c', because: '', evidence: [] }
  const [score] = sumsOf({
    contributions: [
      {
        ...line,
        outcome: 'decayed',
        points: 46.961732,
        phrase: { key: 'counted_faded', args: { ...occurrences, full: 60 } },
      },
      { ...line, outcome: 'matched', points: 60, phrase: { key: 'counted', args: occurrences } },
    ],
  })
  expect(score!.groups[0]!.lines).toMatchObject([
    { tenths: 470, fullTenths: 600 },
    { tenths: 600, fullTenths: undefined },
  ])
})
