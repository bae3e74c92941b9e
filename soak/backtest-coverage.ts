/**
 * How often the intervals of a backtest hold the truth: many small companies of one world, each with intervals of its own, against
 * what all of them come to together.
 *
 *     node soak/backtest-coverage.ts --seeds 200 --leads 400
 *
 * Ends with 1 if an interval of 95 % holds less often than 90 % of the time.
 */
import { parseArgs } from 'node:util'
import { backtestOfWorked, coveredFigures, coverageOf, type Covered } from '../packages/demo/test/worked.ts'

const LEAST = 0.9

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    leads: { type: 'string', default: '400' },
    replicates: { type: 'string', default: '400' },
  },
})
const companies: Covered[][] = []
let truthFirst = 0
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const result = backtestOfWorked(seed, Number(values.leads), Number(values.replicates))
  companies.push(coveredFigures(result))
  const wins = result.versions.map(({ captured }) => captured.find(({ perWeek }) => perWeek === 3)?.wins.value ?? 0)
  if (wins[2]! >= Math.max(wins[0]!, wins[1]!)) truthFirst += 1
  if (seed % 10 === 0) console.log(`${seed} companies`)
}
const percent = (share: number) => `${(100 * share).toFixed(1)} %`
console.log(`the truth ranks first in ${percent(truthFirst / companies.length)} of companies`)
for (const [name, { held, of }] of coverageOf(companies)) {
  console.log(`${name}: ${percent(held / of)} of ${of}`)
  if (held / of < LEAST) process.exitCode = 1
}
