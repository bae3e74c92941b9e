import { appendFileSync, existsSync, readFileSync } from 'node:fs'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** `npm test` names a file here; every runner under it adds its counts, and the last line of all is their sum. */
const COUNTS_FILE = 'WINNOW_TEST_COUNTS'

export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

export function closeRun(counts: Counts): void {
  const file = process.env[COUNTS_FILE]
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(counts)}\n`)
  console.log(closingLine(counts))
}

export function countInto(file: string): NodeJS.ProcessEnv {
  return { ...process.env, [COUNTS_FILE]: file }
}

export function readCounts(file: string): readonly Counts[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Counts)
}
