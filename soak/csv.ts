/**
 * A CSV file of a million rows through the import: bounded memory, every row accounted for, importing again gives the same.
 *
 *     node soak/csv.ts [--rows 1000000] [--peer]
 *
 * Every thousandth row is spoilt in one of the ways of the hit list, so that refusals are counted too. `--peer` reads the
 * same file with papaparse as well, for comparison. Ends with 1 if a count is off or memory is not bounded.
 */
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { once } from 'node:events'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Definition } from '@winnow/engine'
import { Inputs, openCsv, readBytes, writeFact } from '@winnow/io'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, peer: { type: 'boolean', default: false } },
})
const ROWS = Number(values.rows)
/** Above what the process has before it reads: an index of rows (24 bytes each, up to twice that) and some batches. */
const MEMORY_MAX_MB = 200 + (ROWS * 48) / 1e6

const definition: Definition = {
  winnow: 1,
  name: 'Soak',
  attributes: {
    job_level: { type: 'choice', of: ['executive', 'director', 'manager', 'individual'] },
    town: { type: 'text' },
    budget: { type: 'number' },
    signs: { type: 'boolean' },
    start_by: { type: 'date' },
  },
}

const LEVELS = ['executive', 'director', 'manager', 'individual']
const SPOILT = [
  (row: number) => `lead-${row},2026-03-01,manager,Paris\n`, // ragged
  (row: number) => `lead-${row},2026-02-30,manager,Paris,1,true,2026-05-01\n`, // no such day
  (row: number) => `lead-${row},2026-03-01,boss,Paris,1,true,2026-05-01\n`, // not listed
  (row: number) => `lead-${row},2026-03-01,manager,"Pa"ris,1,true,2026-05-01\n`, // a quote in the middle
  (row: number) => `lead-${row},2026-03-01,manager,Paris,"1,000",yes,01/02/2026\n`, // three bad cells
]

function rowText(row: number): string {
  if (row % 1000 === 999) return SPOILT[Math.floor(row / 1000) % SPOILT.length]!(row)
  const town = row % 7 === 0 ? `"Town ""${row}"", near\nthe river"` : `Köln ${row}`
  return `lead-${row},2026-03-01,${LEVELS[row % 4]},${town},${row % 5 === 0 ? '' : row},${row % 2 === 0},2026-05-${String((row % 28) + 1).padStart(2, '0')}\n`
}

async function writeFile(path: string): Promise<void> {
  const file = createWriteStream(path)
  file.write('id,created_at,job_level,town,budget,signs,start_by\n')
  for (let row = 0; row < ROWS; row += 1000) {
    const text = Array.from({ length: Math.min(1000, ROWS - row) }, (_, at) => rowText(row + at)).join('')
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
}

interface Read {
  readonly facts: number
  readonly rows: number
  readonly refusedRows: number
  readonly problems: number
  readonly digest: string
  readonly peakMb: number
  readonly seconds: number
}

async function importOnce(path: string): Promise<Read> {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  const cpu = process.cpuUsage()
  const digest = createHash('sha256')
  const inputs = new Inputs({ definition })
  let [problems, peak] = [0, 0]
  for await (const { facts, refusals } of inputs.read([path])) {
    problems += refusals.length
    for (const fact of facts) digest.update(writeFact(fact))
    peak = Math.max(peak, process.memoryUsage().rss - before)
  }
  const { rows, facts, refusedRows } = inputs.reports[0]!
  return {
    rows,
    facts,
    refusedRows,
    problems,
    digest: digest.digest('hex'),
    peakMb: peak / 1e6,
    seconds: cpuSeconds(cpu),
  }
}

const cpuSeconds = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

/** Rows per CPU-second of the CSV reader alone. */
async function readOnly(path: string): Promise<number> {
  const cpu = process.cpuUsage()
  let rows = 0
  for await (const batch of (await openCsv(readBytes(path))).batches) rows += batch.rows.length
  return rows / cpuSeconds(cpu)
}

async function readWithPeer(path: string): Promise<number> {
  const { default: Papa } = await import('papaparse')
  const cpu = process.cpuUsage()
  let rows = 0
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[]>(createReadStream(path), {
      chunk: ({ data }) => (rows += data.length),
      complete: () => resolve(),
      error: reject,
    })
  })
  return rows / cpuSeconds(cpu)
}

const folder = mkdtempSync(join(tmpdir(), 'winnow-soak-'))
try {
  const path = join(folder, 'leads.csv')
  await writeFile(path)
  console.log(`${ROWS.toLocaleString('en')} rows, ${(statSync(path).size / 1e6).toFixed(0)} MB`)
  const first = await importOnce(path)
  console.log(
    `import: ${first.seconds.toFixed(1)} CPU s, ${first.facts.toLocaleString('en')} facts, ${first.refusedRows} rows refused with ${first.problems} problems, ${first.peakMb.toFixed(0)} MB above the start`,
  )
  const again = await importOnce(path)
  console.log(
    `again:  ${again.seconds.toFixed(1)} CPU s, ${again.digest === first.digest ? 'the same facts' : 'OTHER FACTS'}, ${again.peakMb.toFixed(0)} MB above the start`,
  )
  console.log(`reading alone: ${Math.round(await readOnly(path)).toLocaleString('en')} rows per CPU second`)
  if (values.peer)
    console.log(`papaparse:     ${Math.round(await readWithPeer(path)).toLocaleString('en')} rows per CPU second`)
  const spoilt = Math.floor(ROWS / 1000)
  const isRight =
    first.rows === ROWS && first.refusedRows === spoilt && first.digest === again.digest && first.peakMb < MEMORY_MAX_MB
  console.log(
    isRight
      ? 'all counts are right, memory is bounded'
      : `WRONG: ${JSON.stringify({ first, again, spoilt, MEMORY_MAX_MB })}`,
  )
  process.exitCode = isRight ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
