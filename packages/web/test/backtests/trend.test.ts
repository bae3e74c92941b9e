import { expect, test } from 'vitest'
import { trendOf } from '../../src/features/backtests/trend.ts'

const band = (low: number | null, high: number | null) => ({
  from: 0,
  to: 10,
  leadWeeks: 9,
  leads: 9,
  won: { value: low, low, high, count: 9 },
})

test.each([
  {
    name: 'the highest lies surely above the lowest',
    bands: [band(0, 0.1), band(0.05, 0.3), band(0.2, 0.4)],
    trend: 'rises',
  },
  { name: 'the highest only seems to lie above', bands: [band(0, 0.25), band(0.1, 0.4)], trend: 'unclear' },
  {
    name: 'one in between lies surely under one before',
    bands: [band(0.2, 0.3), band(0, 0.1), band(0.4, 0.5)],
    trend: 'mixed',
  },
  {
    name: 'nobody is in the bands at the ends',
    bands: [band(null, null), band(0, 0.1), band(0.2, 0.3), band(null, null)],
    trend: 'rises',
  },
  { name: 'there is one band', bands: [band(0, 0.1)], trend: 'unclear' },
  { name: 'there is none', bands: [], trend: 'unclear' },
])('where $name, it $trend', ({ bands, trend }) => {
  expect(trendOf(bands)).toBe(trend)
})
