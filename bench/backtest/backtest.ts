/**
 * A year of leads, backtested: one version, a second one in the same run, and moving a threshold over the result. The same question
 * asked of DuckDB is one query a day; see `duckdb.ts`.
 */
import { FactTableBuilder, measure, sharedMemory, type BacktestOptions, type Definition } from '@winnow/engine'
import { traceTable } from '@winnow/io'
import { once, type Line } from '../measure.ts'
import { Random } from '../random.ts'
import { BEGIN, END, readDefinition } from '../replay/data.ts'
import { drawWinning } from './fill.ts'
import { backtestsOfServer } from './server.ts'

const DAY_MS = 86_400_000
const FULL_LEADS = 1_000_000
const SMALL_LEADS = 50_000
const THREADS = 2
/** Goals for a million leads; smaller sizes have their share. */
const ONE_VERSION_S = 60
const SECOND_VERSION_SHARE = 0.5
const MEMORY_BYTES = 2e9

const OPTIONS: BacktestOptions = {
  from: BEGIN + 90 * DAY_MS,
  to: END,
  watermark: END,
  horizonDays: 90,
  known: 'happened',
  seed: 1,
}

export interface BacktestSize {
  readonly isFull: boolean
  readonly leads: number | undefined
}

export async function backtests(size: BacktestSize): Promise<Line[]> {
  const replayed = await replays(size)
  const { besideDuck } = await import('./besides.ts') // a peer that is installed on first use
  return [...replayed, ...(await besideDuck()), ...(await backtestsOfServer(size.isFull ? undefined : size.leads))]
}

/** From columns in memory to every figure. */
export async function replays({ isFull, leads: asked }: BacktestSize): Promise<Line[]> {
  const leads = asked ?? (isFull ? FULL_LEADS : SMALL_LEADS)
  const { table, names, activities } = drawTable(leads)
  const share = leads / FULL_LEADS
  const versions = [
    { name: 'one', definition: readDefinition({ withAccounts: false }) },
    { name: 'two', definition: stricter(readDefinition({ withAccounts: false })) },
  ]
  let memory = 0
  const watching = setInterval(() => (memory = Math.max(memory, process.memoryUsage.rss())), 50)
  const ask = (count: number) => async () => {
    const traces = await traceTable(versions.slice(0, count), { leads: names, table }, OPTIONS, { threads: THREADS })
    return measure(traces, OPTIONS)
  }
  const one = await once(ask(1))
  const memoryOfOne = memory
  const two = await once(ask(2))
  clearInterval(watching)
  const words = (count: number) => count.toLocaleString('en')
  const what = `backtest: ${words(leads)} leads, ${words(activities)} activities, a year`
  const second = (two.wall - one.wall) / one.wall
  const secondCpu = (two.cpu - one.cpu) / one.cpu
  return [
    line(
      `${what}, one version`,
      one.wall,
      's',
      `≤ ${(ONE_VERSION_S * share).toFixed(1)} s`,
      one.wall <= ONE_VERSION_S * share,
    ),
    line(`${what}, one version, CPU`, one.cpu, 'CPU-s', null, null),
    line(
      'backtest: a second version in the same run',
      second,
      'of the first',
      `≤ ${SECOND_VERSION_SHARE}`,
      second <= SECOND_VERSION_SHARE,
    ),
    line('backtest: a second version, CPU', secondCpu, 'of the first', null, null),
    line('backtest: memory at most, one version', memoryOfOne / 1e6, 'MB', '≤ 2,000 MB', memoryOfOne <= MEMORY_BYTES),
  ]
}

function line(name: string, value: number, unit: string, goal: string | null, met: boolean | null): Line {
  return { name, value, unit, beside: null, ratio: null, goal, met }
}

function drawTable(leads: number) {
  const random = new Random(11)
  const builder = new FactTableBuilder()
  let activities = 0
  for (let lead = 0; lead < leads; lead++) {
    const facts = drawWinning(random, lead)
    for (const { kind } of facts) if (kind === 'activity') activities += 1
    builder.add(facts)
  }
  const names = Array.from({ length: leads }, (_, lead) => `lead-${lead}`)
  return { table: builder.close(sharedMemory), names, activities }
}

/** The same definition, asking for more. */
function stricter(definition: Definition): Definition {
  return JSON.parse(JSON.stringify(definition).replaceAll('"at_least":60', '"at_least":70')) as Definition
}
