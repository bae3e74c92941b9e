/**
 * Three times as many events as a server can take: how much it still takes, how it refuses the rest, and how soon it is itself again.
 *
 *     node soak/overload.ts [--seconds 30] [--times 3]
 *
 * The server is a process of its own on an embedded PostgreSQL; the load is made on the same machine. Ends with 1 where an answer
 * was neither 200 nor 429 or 503 with `retry-after`, something acknowledged is missing, goodput is below 80 % of what the server
 * takes when it is asked for no more, or it takes longer than 10 seconds to answer at once again.
 */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDatabase } from '../packages/server/src/db/database.ts'
import { runningUrl } from '../packages/server/src/db/embedded.ts'
import { prepareFolder } from '../packages/server/test/crash/prepare-folder.ts'
import { startProcess } from '../packages/server/test/crash/start-process.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, times: { type: 'string', default: '3' } },
})
const SECONDS = Number(values.seconds)
const TIMES = Number(values.times)
const MESSAGES = 50
const PEOPLE = 20_000
const SENDERS = 16
const AT_ONCE_MS = 1_000
const RECOVERY_MS_MAX = 10_000
const GOODPUT_MIN = 0.8

const agent = new Agent({ keepAlive: true, maxSockets: 4_000 })
const answers = new Map<string, number>()
const acknowledged: number[] = []
let batches = 0

function post(
  url: string,
  writeKey: string,
  body: string,
): Promise<{ status: number; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/v1/batch`,
      {
        agent,
        method: 'POST',
        auth: `${writeKey}:`,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (reply) => {
        reply.resume()
        reply.on('end', () => resolve({ status: reply.statusCode!, retryAfter: reply.headers['retry-after'] }))
        reply.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

function nextBatch(): { number: number; body: string } {
  const number = batches++
  const batch = Array.from({ length: MESSAGES }, (_, place) => ({
    type: 'track',
    messageId: `${number}-${place}`,
    userId: `p${(number * MESSAGES + place * 7919) % PEOPLE}`,
    event: place % 3 === 0 ? 'demo' : 'other',
  }))
  return { number, body: JSON.stringify({ batch }) }
}

/** @returns whether it was taken */
async function sendOne(url: string, writeKey: string): Promise<boolean> {
  const { number, body } = nextBatch()
  const { status, retryAfter } = await post(url, writeKey, body).catch((error: NodeJS.ErrnoException) => ({
    status: error.code ?? 'error',
    retryAfter: undefined,
  }))
  const isRefused = (status === 429 || status === 503) && Number(retryAfter) > 0
  const answer = status === 200 || isRefused ? String(status) : `UNEXPECTED ${status}`
  answers.set(answer, (answers.get(answer) ?? 0) + 1)
  if (status === 200) acknowledged.push(number)
  return status === 200
}

/** As many as are answered. @returns batches a second */
async function capacity(url: string, writeKey: string, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1_000
  let taken = 0
  const sender = async () => {
    while (performance.now() < until) if (await sendOne(url, writeKey)) taken += 1
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
  return taken / seconds
}

/** So many a second, whatever comes back. @returns those that were taken a second */
async function flood(
  url: string,
  writeKey: string,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<number> {
  const begun = performance.now()
  const running = new Set<Promise<unknown>>()
  let sent = 0
  let taken = 0
  for (let ms = 0; ms < seconds * 1_000; ms = performance.now() - begun) {
    for (; sent < (rate * ms) / 1_000; sent++) {
      const one = sendOne(url, writeKey).then((isTaken) => {
        if (isTaken && performance.now() - begun <= seconds * 1_000) taken += 1
        running.delete(one)
      })
      running.add(one)
    }
    await sleep(5)
  }
  console.log(`${sent} sent, ${running.size} still on their way when the flood ends`)
  void Promise.all(running)
  return taken / seconds
}

/** Until three requests in a row are answered at once. */
async function recovery(url: string, writeKey: string): Promise<number> {
  const begun = performance.now()
  for (let inRow = 0; inRow < 3 && performance.now() - begun < 60_000;) {
    const asked = performance.now()
    const isTaken = await sendOne(url, writeKey)
    inRow = isTaken && performance.now() - asked < AT_ONCE_MS ? inRow + 1 : 0
    if (!isTaken) await sleep(50)
  }
  return performance.now() - begun
}

const memoryOf = (pid: number): string =>
  /^VmHWM:\s+(\d+ kB)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'unknown'

async function missing(folder: string): Promise<number> {
  const database = await openDatabase((await runningUrl(folder))!)
  const { rows } = await database.pool.query<{ id: string; count: number }>(
    "select split_part(split_part(message_id, ':', 2), '-', 1) as id, count(*) as count from message group by 1",
  )
  await database.close()
  const stored = new Map(rows.map(({ id, count }) => [Number(id), count]))
  return acknowledged.filter((number) => stored.get(number) !== MESSAGES).length
}

const folder = mkdtempSync(join(tmpdir(), 'winnow-overload-'))
try {
  const writeKey = await prepareFolder(folder)
  const { child, url } = await startProcess({
    DATABASE_URL: '',
    WINNOW_DATA: folder,
    WINNOW_COLUMNS: 'none',
    WINNOW_RATE_CAPTURE: '1000000/s',
  })
  await capacity(url, writeKey, SECONDS / 3) // what is cold is slow
  const usual = await capacity(url, writeKey, SECONDS)
  console.log(
    `asked for no more than it takes: ${Math.round(usual * MESSAGES)} events/s; memory ${memoryOf(child.pid!)}`,
  )
  answers.clear()
  const flooded = await flood(url, writeKey, { rate: usual * TIMES, seconds: SECONDS })
  const recoveredMs = await recovery(url, writeKey)
  const goodput = flooded / usual
  const lost = await missing(folder)
  console.log(`${TIMES} times as much: ${Math.round(flooded * MESSAGES)} events/s taken, goodput ${goodput.toFixed(2)}`)
  console.log(`answers: ${JSON.stringify(Object.fromEntries(answers))}; memory at most ${memoryOf(child.pid!)}`)
  console.log(`answers at once again after ${(recoveredMs / 1_000).toFixed(1)} s; ${lost} acknowledged batches missing`)
  const isUnexpected = [...answers.keys()].some((answer) => answer.startsWith('UNEXPECTED'))
  const isWell = !isUnexpected && lost === 0 && goodput >= GOODPUT_MIN && recoveredMs <= RECOVERY_MS_MAX
  console.log(isWell ? 'as it should be' : 'FAILED')
  process.exitCode = isWell ? 0 : 1
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
} finally {
  agent.destroy()
  rmSync(folder, { recursive: true, force: true })
}
