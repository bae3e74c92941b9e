/** The curve of a threshold, read where a level has its bound, is what became of the level. */
import { expect, test } from 'vitest'
import type { Definition } from '../../src/definition/language.ts'
import { measure, trace } from '../../src/index.ts'
import { casesOf } from '../generators/share.ts'
import { companyOf } from './company.ts'

const seeds = Array.from({ length: casesOf(60) }, (_, seed) => 500_000 + seed)
const PLACES = [0, 5, 25, 50, 80, 100]

/** One simple level for each threshold of each score that looks at no other node. */
function withSimpleLevels(definition: Definition): Definition {
  const levels = Object.entries(definition.scores ?? {}).flatMap(([score, { range = [0, 100] }]) =>
    PLACES.map((place) => {
      const at = range[0] + ((range[1] - range[0]) * place) / 100
      return [`${score}_${place}`, { levels: [{ reached: { when: { score, at_least: at } } }, { not: {} }] }] as const
    }),
  )
  return { ...definition, categories: { ...definition.categories, ...Object.fromEntries(levels) } }
}

test('thresholds count the leads that enter a simple level there', () => {
  let entered = 0
  for (const seed of seeds) {
    const { definition: drawn, circles, options } = companyOf(seed, 8)
    const definition = withSimpleLevels(drawn)
    // The curves come from a replay that knows nothing of these levels.
    const versions = [drawn, definition].map((each, index) => ({ name: `v${index}`, definition: each }))
    const [plain, version] = measure(trace(circles, versions, options), options).versions
    for (const { score, entered: curve, followed, won } of plain.thresholds) {
      for (const place of PLACES) {
        const level = version.levels.find((each) => each.category === `${score}_${place}` && each.level === 'reached')!
        const counts = [level.entered, level.followed, Math.round((level.won.value ?? 0) * level.won.count)]
        expect([seed, score, place, curve[place], followed[place], won[place]]).toEqual([seed, score, place, ...counts])
        entered += level.entered
      }
    }
  }
  expect(entered).toBeGreaterThan(seeds.length)
})
