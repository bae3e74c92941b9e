/** Kill −9 under load, again and again: what was acknowledged is there, once, and every assessment is what the facts come to. */
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/database.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { compileText } from '../../src/live/plans.ts'
import { SMALL } from '../live/world.ts'
import { inconsistencies } from './consistency.ts'
import { prepareFolder } from './prepare-folder.ts'
import { startProcess } from './start-process.ts'

/** As many as one likes: `WINNOW_KILLS=1000 npx vitest run packages/server/test/crash`. */
const KILLS = Number(process.env['WINNOW_KILLS'] ?? 50)
/** Every so often the database dies too, as when the power fails. */
const DATABASE_DIES_EVERY = 10
const PEOPLE = 40
const SENDERS = 8

interface Sent {
  readonly messageId: string
  readonly body: string
}

/** Sends events as fast as they are answered, until nobody answers any more. */
class Load {
  readonly acknowledged: Sent[] = []
  readonly unanswered: Sent[] = []
  private count = 0
  private readonly authorization: string

  constructor(writeKey: string) {
    this.authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  }

  async run(url: string): Promise<void> {
    await Promise.all(Array.from({ length: SENDERS }, () => this.sender(url)))
  }

  private async sender(url: string): Promise<void> {
    for (;;) {
      const sent = this.next()
      try {
        if (await this.send(url, sent)) this.acknowledged.push(sent)
      } catch {
        this.unanswered.push(sent)
        return
      }
    }
  }

  private next(): Sent {
    const number = this.count++
    const messageId = `m${number}`
    const event = number % 3 === 0 ? 'demo' : 'other'
    // Some come late, and in no order.
    const timestamp = new Date(Date.now() - (number % 7) * 40).toISOString()
    return { messageId, body: JSON.stringify({ messageId, userId: `p${number % PEOPLE}`, event, timestamp }) }
  }

  /** Waits for so many more answers: the kill comes in the middle of work, however fast the machine is. */
  async untilAcknowledged(more: number): Promise<void> {
    const wanted = this.acknowledged.length + more
    for (let waitedMs = 0; this.acknowledged.length < wanted && waitedMs < 10_000; waitedMs += 2) await sleep(2)
  }

  async send(url: string, { body }: Sent): Promise<boolean> {
    const headers = { authorization: this.authorization, 'content-type': 'application/json' }
    const reply = await fetch(`${url}/v1/track`, { method: 'POST', headers, body })
    await reply.text()
    if (!reply.ok) throw new Error(`answered ${reply.status}`)
    return true
  }
}

async function killDatabase(folder: string): Promise<void> {
  const pid = Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
  process.kill(pid, 'SIGKILL')
}

test(
  `${KILLS} kills under load lose nothing and count nothing twice`,
  { timeout: 60_000 + KILLS * 20_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'winnow-crash-'))
    try {
      const load = new Load(await prepareFolder(folder))
      for (let kill = 1; kill <= KILLS; kill++) {
        const { child, url } = await startProcess({ DATABASE_URL: '', WINNOW_DATA: folder })
        const gone = once(child, 'exit')
        const running = load.run(url)
        await load.untilAcknowledged(1 + ((kill * 37) % 60))
        if (kill % DATABASE_DIES_EVERY === 0) await killDatabase(folder)
        child.kill('SIGKILL')
        await Promise.all([running, gone])
      }
      const { child, url } = await startProcess({ DATABASE_URL: '', WINNOW_DATA: folder })
      // Whoever was not answered sends again, and some send again what was answered.
      for (const sent of [...load.unanswered, ...load.acknowledged.slice(-100)]) await load.send(url, sent)
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      await check(folder, load)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)

async function check(folder: string, { acknowledged, unanswered }: Load): Promise<void> {
  const embedded = await startEmbedded(folder)
  const database = await openDatabase(embedded.url)
  try {
    const { rows } = await database.pool.query<{ message_id: string }>('select message_id from message')
    const stored = new Set(rows.map(({ message_id }) => message_id.split(':').at(-1)!)) // the source's id stands before it
    const everything = new Set([...acknowledged, ...unanswered].map(({ messageId }) => messageId))
    expect([...everything].filter((id) => !stored.has(id))).toEqual([])
    const counted = await database.pool.query<{ count: number }>('select count(*) as count from activity')
    expect(counted.rows[0]!.count).toBe(everything.size)
    expect(acknowledged.length).toBeGreaterThan(KILLS)
    expect(await inconsistencies(database.pool, compileText(SMALL))).toEqual([])
  } finally {
    await database.close()
    await embedded.stop()
  }
}
