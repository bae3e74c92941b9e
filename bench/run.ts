/**
 * The benches: `npm run bench -- rules bulk --json`. Each measures Winnow and its peers in one run and says whether the goal
 * is met. Ends with 1 if a goal is missed or a peer computes something else.
 */
import { parseArgs } from 'node:util'
import { machine, type Line } from './measure.ts'
import { tableOf } from './table.ts'

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean' },
    full: { type: 'boolean' },
    seconds: { type: 'string', default: '15' },
    leads: { type: 'string' },
  },
  allowPositionals: true,
})
/** For the benches of the server: the full size of their goals, and how long a load lasts, or a size of your own. */
const options = {
  isFull: values.full ?? false,
  seconds: Number(values.seconds),
  leads: values.leads === undefined ? undefined : Number(values.leads),
}

/** Loaded one by one: a bench must not pay for the memory of another. */
const BENCHES: Readonly<Record<string, () => Promise<Line[]>>> = {
  rules: async () => (await import('./rules/rules.ts')).rules(),
  bulk: async () => (await import('./bulk/bulk.ts')).bulk(),
  replay: async () => (await import('./replay/replay.ts')).replays(),
  live: async () => (await import('./live/live.ts')).live(),
  ingest: async () => (await import('./ingest/ingest.ts')).ingest(options),
  timers: async () => (await import('./timers/timers.ts')).timers(options),
  lists: async () => (await import('./lists/lists.ts')).lists(options),
  web: async () => (await import('./web/web.ts')).web(),
  restate: async () => (await import('./restate/restate.ts')).restate(options),
  backtest: async () => (await import('./backtest/backtest.ts')).backtests(options),
}

const names = positionals.length > 0 ? positionals : Object.keys(BENCHES)
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0) {
  console.error(`There is no bench \`${unknown.join('`, `')}\`; there are ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(2)
}
const lines: Line[] = []
for (const name of names) {
  if (!values.json) console.log(`\n${name} — ${machine()}\n`)
  const found = await BENCHES[name]!()
  lines.push(...found)
  if (!values.json) console.log(tableOf(found))
}
if (values.json) console.log(JSON.stringify(lines, undefined, 2))
if (lines.some(({ met }) => met === false)) process.exitCode = 1
