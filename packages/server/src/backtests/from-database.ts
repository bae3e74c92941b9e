/** Leads traced as the database has them, where there is no copy of the log to read: loaded only then. */
import type { Instant, Tracer } from '@winnow/engine'
import type pg from 'pg'
import { openPool } from '../db/pool.ts'
import { copyingReader } from '../live/log-copy.ts'
import type { LogReader } from '../live/log.ts'
import { readGroups, readMost, type Group, type GroupFacts } from './company.ts'
import type { Lane, TraceOrder } from './trace-worker.ts'

/** Read at a time, while those before are traced. */
const LEADS_AT_ONCE = 500

type Told = (leads: number) => void

export async function fromDatabase({ url, options: { watermark } }: TraceOrder, told: Told) {
  const pool = await openPool(url, { connectionsMax: 1 })
  const copyingPool = await openPool(url, { connectionsMax: 1, isPipelined: false })
  const copying = await copyingPool.connect()
  const reader = copyingReader(copying)
  return (tracer: Tracer, lane: Lane): Promise<void> =>
    lane.isMost
      ? traceMost(tracer, lane, { pool, copying, watermark, told })
      : traceSome(tracer, lane, { pool, reader, watermark, told })
}

interface Reading {
  readonly pool: pg.Pool
  readonly watermark: Instant
  readonly told: Told
}

async function traceMost(
  tracer: Tracer,
  { groups }: Lane,
  { pool, copying, watermark, told }: Reading & { readonly copying: pg.ClientBase },
): Promise<void> {
  let done = 0
  for await (const { leads, facts } of readMost(pool, copying, { groups, knownAt: watermark })) {
    tracer.add(leads, facts)
    if (++done % LEADS_AT_ONCE === 0) told(LEADS_AT_ONCE)
  }
  told(done % LEADS_AT_ONCE)
}

async function traceSome(
  tracer: Tracer,
  { groups }: Lane,
  { pool, reader, watermark, told }: Reading & { readonly reader: LogReader },
): Promise<void> {
  const read = (some: readonly Group[]) => readGroups(pool, reader, { groups: some, knownAt: watermark })
  const batches = inBatches(groups)
  let next = batches.length > 0 ? read(batches[0]!) : undefined
  for (let index = 0; next !== undefined; index++) {
    const facts: GroupFacts[] = await next
    const following = batches[index + 1]
    next = following && read(following)
    for (const group of facts) tracer.add(group.leads, group.facts)
    told(batches[index]!.reduce((sum, { length }) => sum + length, 0))
  }
}

function inBatches(groups: readonly Group[]): Group[][] {
  const batches: Group[][] = []
  let size = LEADS_AT_ONCE
  for (const group of groups) {
    if (size >= LEADS_AT_ONCE) {
      batches.push([])
      size = 0
    }
    batches.at(-1)!.push(group)
    size += group.length
  }
  return batches
}
