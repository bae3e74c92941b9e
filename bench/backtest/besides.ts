/** The same leads and the same fifty criteria: a replay of the year beside DuckDB asked once for every day of it. */
import { FactTableBuilder, leadId, sharedMemory, type Column, type Columns, type Fact } from '@winnow/engine'
import { traceTable } from '@winnow/io'
import { AS_OF, makeColumns } from '../bulk/data.ts'
import { makeDefinition } from '../bulk/definition.ts'
import { openDuck } from '../bulk/duckdb.ts'
import { queryAt } from '../bulk/sql.ts'
import { once, type Line } from '../measure.ts'

const LEADS = 20_000
const ACTIVITIES = 400_000
const DAY_MS = 86_400_000
const DAYS = 365
/** Asking every day takes so long that every so many has to do. */
const EVERY_DAYS = 30
const GOAL = 20

export async function besideDuck(): Promise<Line[]> {
  const columns = makeColumns(LEADS, ACTIVITIES)
  const { table, names } = tableOf(columns)
  const from = AS_OF - DAYS * DAY_MS
  const options = { from, to: AS_OF, watermark: AS_OF, known: 'happened' } as const
  const versions = [{ name: 'fifty', definition: makeDefinition() }]
  const ours = await once(() => traceTable(versions, { leads: names, table }, options, { threads: 1 }))
  const duck = await openDuck(columns, 1)
  let asked = 0
  const theirs = await once(async () => {
    for (let day = EVERY_DAYS; day <= DAYS; day += EVERY_DAYS) {
      const at = from + day * DAY_MS
      await duck.query(queryAt(at, `moment <= ${at}`))
      asked += 1
    }
  })
  duck.close()
  const everyDay = (theirs.cpu / asked) * DAYS
  const ratio = everyDay / ours.cpu
  return [
    {
      name: `backtest: fifty criteria, ${LEADS.toLocaleString('en')} leads, ${ACTIVITIES.toLocaleString('en')} activities, a year`,
      value: ours.cpu,
      unit: 'CPU-s',
      beside: { name: `DuckDB, one query a day (from ${asked} of ${DAYS})`, value: everyDay },
      ratio,
      goal: `≥ ${GOAL} ×`,
      met: ratio >= GOAL,
    },
  ]
}

/** What is known of a lead is known from its first activity on. */
function tableOf(columns: Columns) {
  const { offsets, at, type, types, properties } = columns.activities!
  const builder = new FactTableBuilder()
  const path = properties.get('path')!
  const minutes = properties.get('minutes')!
  const names: string[] = []
  for (let row = 0; row < columns.count; row++) {
    const lead = leadId(String(row))
    names.push(lead)
    const first = at[offsets[row]!] ?? 0
    const facts: Fact[] = []
    for (const [name, column] of columns.attributes) {
      const value = valueOf(column, row)
      if (value !== undefined)
        facts.push({ kind: 'attribute', id: name, at: first, lead, name, value: value as string | number | boolean })
    }
    for (let index = offsets[row]!; index < offsets[row + 1]!; index++) {
      const known = { path: valueOf(path, index), minutes: valueOf(minutes, index) }
      const id = String(index).padStart(9, '0')
      facts.push({ kind: 'activity', id, at: at[index]!, lead, type: types[type[index]!]!, properties: known })
    }
    builder.add(facts)
  }
  return { table: builder.close(sharedMemory), names }
}

function valueOf(column: Column, row: number): unknown {
  if (column.kind === 'codes') return column.dictionary[column.codes[row]!]
  const value = column.values[row]!
  return Number.isNaN(value) ? undefined : value
}
