/**
 * Restating everybody after a publication: threads of their own read, judge and write ranges of circles while this one goes on
 * serving. Where it has come to is written nowhere but in the circles themselves: whoever begins again finds what is left.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type pg from 'pg'
import { LOCKS } from '../db/locks.ts'
import { joinsAccounts, untilOthersEnd } from './account-circles.ts'
import type { RestateOrder, RestateReply, RestateRequest } from './restate-worker.ts'
import type { Taking } from './take.ts'

const CIRCLES_A_RANGE = 1000
/** Half the processors: both of two are done an eighth sooner, and live traffic waits for them. */
const THREADS = Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)))
/** What a range leaves behind would otherwise be copied again and again while it is still in use. */
const resourceLimits = { maxYoungGenerationSizeMb: 96 }
const BEGIN = '00000000-0000-0000-0000-000000000000'

export class BulkRestating {
  private readonly taking: Taking
  private readonly changed: () => void
  private isStopped = false

  /** @param changed  told whenever circles have been written */
  constructor(taking: Taking, changed: () => void = () => {}) {
    this.taking = taking
    this.changed = changed
  }

  /** Ends after the ranges that are on their way. */
  stop(): void {
    this.isStopped = true
  }

  /**
   * Brings circles to the version that is live now, until none is left, another is live, or it is told to stop.
   * @returns how many; what somebody held, and what has to be parted, is left
   */
  async run(): Promise<number | 'elsewhere'> {
    const { pool, plans, columns } = this.taking
    const client = await pool.connect()
    try {
      const live = await plans.live(client)
      if (live === undefined || this.isStopped) return 0
      if (!(await tryLock(client))) return 'elsewhere'
      // Whoever saw no version live writes facts and no circle, so that nothing tells that a circle has changed.
      await untilOthersEnd(pool)
      const ranges = new Ranges(this.taking, { version: live.version, isStopped: () => this.isStopped })
      const order: RestateOrder = { url: pool.options.connectionString!, version: live.version, columns }
      const counts = await Promise.all(Array.from({ length: THREADS }, () => this.work(order, ranges)))
      return counts.reduce((sum, count) => sum + count, 0)
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCKS.restating]).catch(() => {})
      client.release()
    }
  }

  /** One thread, from its beginning to its end. */
  private work(workerData: RestateOrder, ranges: Ranges): Promise<number> {
    const worker = new Worker(new URL('restate-worker.ts', import.meta.url), { workerData, resourceLimits })
    let count = 0
    let isEnding = false
    const done = new Promise<number>((resolve, reject) => {
      const goOn = async () => {
        const request = await ranges.next()
        isEnding = request === 'end'
        worker.postMessage(request)
      }
      worker.on('message', ({ written }: RestateReply) => {
        count += written
        if (written > 0) this.changed()
        if (isEnding) resolve(count)
        else goOn().catch(reject)
      })
      worker.once('error', reject).once('exit', () => reject(new Error('a thread that restates has ended')))
    })
    return done.finally(() => void worker.terminate())
  }
}

async function tryLock(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    LOCKS.restating,
  ])
  return rows[0]!.locked
}

const RANGE = {
  name: 'range-of-outdated-circles',
  text: `select circle_id from circle where circle_id > $1 and (version < $2 or version is null) order by circle_id limit $3`,
}

/** What is outdated, in the order of ids, each range once. */
class Ranges {
  private readonly taking: Taking
  private readonly version: number
  private readonly isStopped: () => boolean
  private after: Promise<string | undefined> = Promise.resolve(BEGIN)

  constructor(taking: Taking, { version, isStopped }: { version: number; isStopped: () => boolean }) {
    this.taking = taking
    this.version = version
    this.isStopped = isStopped
  }

  next(): Promise<RestateRequest> {
    const found = this.after.then((after) => this.find(after))
    this.after = found.then((request) => (request === 'end' ? undefined : request.ids.at(-1)))
    this.after.catch(() => {}) // whoever asked is told
    return found
  }

  private async find(after: string | undefined): Promise<RestateRequest> {
    const { pool, plans, now } = this.taking
    if (after === undefined || this.isStopped()) return 'end'
    if ((await plans.live(pool))?.version !== this.version) return 'end'
    const { rows } = await pool.query<{ circle_id: string }>({
      ...RANGE,
      values: [after, this.version, CIRCLES_A_RANGE],
    })
    const ids = rows.map(({ circle_id }) => circle_id)
    return ids.length === 0 ? 'end' : { ids, now: now(), mayJoin: await joinsAccounts(pool) }
  }
}
