import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { interval, isDrawn, type Drawable } from './mutation/sample.ts'

/**
 * `npm run mutation`: mutants of the engine, area by area, and a table of what became of them. `npm run mutation -- plan bulk`
 * runs some areas; `--sample 0.1` a tenth of the mutants; `--force` also those that nothing has changed about since the last
 * run. docs/mutation.md explains it and what survives.
 */
const AREAS = {
  definition: ['packages/engine/src/definition/**/*.ts'],
  plan: ['packages/engine/src/plan/**/*.ts'],
  assess: ['packages/engine/src/assess/**/*.ts'],
  replay: ['packages/engine/src/replay/**/*.ts'],
  bulk: ['packages/engine/src/bulk/**/*.ts'],
  rest: ['packages/engine/src/*.ts'],
} as const satisfies Record<string, readonly string[]>
type Area = keyof typeof AREAS

/** Of all mutants, in percent. */
const KILLED_MIN = 85

interface Tally {
  readonly killed: number
  readonly timeouts: number
  readonly survived: number
  readonly uncovered: number
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { force: { type: 'boolean' }, sample: { type: 'string', default: '1' } },
})
const share = Number(values.sample)
const areas = positionals.length === 0 ? (Object.keys(AREAS) as Area[]) : positionals.map(areaNamed)
const tallies = areas.map((area) => [area, run(area)] as const)
const total = sum(tallies.map(([, tally]) => tally))

console.log(row(['area', 'mutants', 'killed', 'timeouts', 'survived', 'uncovered', 'score', '']))
for (const [area, tally] of [...tallies, ['all', total] as const]) console.log(row(cells(area, tally)))
process.exitCode = score(total) < KILLED_MIN ? 1 : 0

function areaNamed(name: string): Area {
  if (!Object.hasOwn(AREAS, name)) throw new Error(`there is no area ${name}: ${Object.keys(AREAS).join(', ')}`)
  return name as Area
}

function run(area: Area): Tally {
  const args = ['run', '--mutate', AREAS[area].join(','), ...(values.force ? ['--force'] : [])]
  const { status } = spawnSync('stryker', args, {
    stdio: 'inherit',
    env: { ...process.env, WINNOW_MUTATION_AREA: area, WINNOW_MUTATION_SAMPLE: String(share) },
  })
  if (status !== 0) throw new Error(`${area}: the run did not end well`)
  return tallyOf(`reports/mutation/${area}.json`)
}

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly (Drawable & { readonly status: string })[] }>>
}

function tallyOf(file: string): Tally {
  const { files } = JSON.parse(readFileSync(file, 'utf8')) as Report
  const statuses = Object.entries(files).flatMap(([name, { mutants }]) =>
    mutants.filter((mutant) => isDrawn(share, name, fromZero(mutant))).map(({ status }) => status),
  )
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length
  return {
    killed: count('Killed'),
    timeouts: count('Timeout'),
    survived: count('Survived'),
    uncovered: count('NoCoverage'),
  }
}

/** Reports count lines and columns from 1. */
function fromZero({ location, ...rest }: Drawable): Drawable {
  const { start, end } = location
  const less = ({ line, column }: typeof start) => ({ line: line - 1, column: column - 1 })
  return { ...rest, location: { start: less(start), end: less(end) } }
}

function sum(tallies: readonly Tally[]): Tally {
  const of = (key: keyof Tally) => tallies.reduce((so, tally) => so + tally[key], 0)
  return { killed: of('killed'), timeouts: of('timeouts'), survived: of('survived'), uncovered: of('uncovered') }
}

function mutants({ killed, timeouts, survived, uncovered }: Tally): number {
  return killed + timeouts + survived + uncovered
}

function score(tally: Tally): number {
  return (100 * (tally.killed + tally.timeouts)) / mutants(tally)
}

function cells(area: string, tally: Tally): readonly string[] {
  const { killed, timeouts, survived, uncovered } = tally
  const counts = [mutants(tally), killed, timeouts, survived, uncovered].map(String)
  return [area, ...counts, `${score(tally).toFixed(1)} %`, share < 1 ? spread(tally) : '']
}

function spread(tally: Tally): string {
  const [from, to] = interval(tally.killed + tally.timeouts, mutants(tally)).map((each) => (100 * each).toFixed(1))
  return `${from}…${to} %`
}

function row([area, ...counts]: readonly string[]): string {
  return [area!.padEnd(12), ...counts.map((count) => count.padStart(12))].join('').trimEnd()
}
