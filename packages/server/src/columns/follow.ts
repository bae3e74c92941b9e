/** Brings the copy of the log up to date: what the log got since is read and written behind what is there. */
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { realpath } from 'node:fs/promises'
import type pg from 'pg'
import { openPool } from '../db/pool.ts'
import { LOCKS } from '../db/locks.ts'
import { SINCE, since } from './behind.ts'
import { Block, CopyDamaged, seal, type BlockPlace } from './block.ts'
import {
  ACCOUNTS,
  bucketOf,
  closeFile,
  emptyManifest,
  LEAD_BUCKETS,
  makeFolder,
  newBucket,
  NO_BUCKET,
  openCopy,
  openFile,
  readManifest,
  removeOthers,
  writeBlock,
  writeManifest,
  type Bucket,
  type Manifest,
  type OpenCopy,
} from './folder.ts'
import { readRows, type OwnerKind, type Part } from './log-rows.ts'
import { ownerOf, RowSet, type Owner, type Row } from './rows.ts'
import { READING_ALL } from '../live/transaction.ts'

/** So many rows are gathered in memory before they are written. */
const ROWS_AT_ONCE = 1_000_000
/** A block takes in those behind it that are not this many times smaller: so there are few, and none is written again often. */
const TIMES_SMALLER = 4
/** Of more leads than this each bucket would be written anew anyway. */
const REWRITTEN_MAX = 20_000

/**
 * Brings the copy up to date, making it where there is none.
 * @param use  gets the copy as it is for this moment; nobody writes it meanwhile
 * @throws Error what the system says, where the folder cannot be written
 */
export async function follow<T>(url: string, folder: string, use: (manifest: Manifest) => T): Promise<T> {
  await makeFolder(folder)
  const pool = await openPool(url, { connectionsMax: 1, isPipelined: false })
  try {
    const client = await pool.connect()
    let isBroken = true // a COPY cut short leaves the connection in the middle of it; transaction and lock end with it
    try {
      const lock = [LOCKS.columns, await numberOf(folder)]
      await client.query('select pg_advisory_lock($1::int, $2::int)', lock)
      const result = use(await bringUpToDate(client, folder))
      await client.query('select pg_advisory_unlock($1::int, $2::int)', lock)
      isBroken = false
      return result
    } finally {
      client.release(isBroken)
    }
  } finally {
    await pool.end()
  }
}

/** Opens the copy as the log is now. @see follow */
export const openUpToDate = (url: string, folder: string): Promise<OpenCopy> =>
  follow(url, folder, (manifest) => openCopy(folder, manifest))

/** Servers with a folder each need not wait for one another. */
const numberOf = async (folder: string) =>
  createHash('sha256')
    .update(`${hostname()}\n${await realpath(folder)}`)
    .digest()
    .readInt32BE(0)

async function bringUpToDate(client: pg.ClientBase, folder: string): Promise<Manifest> {
  await client.query(READING_ALL)
  const now = await readNow(client)
  const known = await readManifest(folder)
  const isOfThisLog = known?.log === now.log && isPast(known.snapshot, now.snapshot) && isNoted(known.snapshot, now)
  try {
    const base = isOfThisLog ? known : emptyManifest(now.log)
    const manifest = await addMissing(client, folder, base, now.snapshot).catch((error: unknown) => {
      if (!(error instanceof CopyDamaged)) throw error
      return fill(client, folder, emptyManifest(now.log), now.snapshot)
    })
    await writeManifest(folder, manifest)
    await client.query('commit')
    return manifest
  } finally {
    // Also of a copy that could not be finished: a disk that is full is not to stay so.
    await removeOthers(folder, (await readManifest(folder)) ?? emptyManifest(''))
  }
}

/** The log that this is, and the transactions that are in it now. */
async function readNow(client: pg.ClientBase): Promise<{ log: string; snapshot: string; notedFrom: string }> {
  const { rows } = await client.query<{ log: string; snapshot: string; notedFrom: string }>(
    `select concat_ws('/', (select identity from log_identity),
       (select oid from pg_database where datname = current_database()),
       left(pg_walfile_name(pg_current_wal_lsn()), 8)) as log,
       pg_current_snapshot()::text as snapshot, (select noted_from::text from log_identity) as "notedFrom"`,
  )
  return rows[0]!
}

const SNAPSHOT = /^(\d+):(\d+):/

/** A copy that knows of transactions that this database has not had yet is one of a database that is gone. */
function isPast(snapshot: string, now: string): boolean {
  const [known, current] = [SNAPSHOT.exec(snapshot)?.[2], SNAPSHOT.exec(now)![2]!]
  return known !== undefined && BigInt(known) <= BigInt(current)
}

/** Whether there are still notes of all that was removed since. An empty copy needs none. */
const isNoted = (snapshot: string, { notedFrom }: { notedFrom: string }) =>
  snapshot === '' || BigInt(SNAPSHOT.exec(snapshot)![1]!) >= BigInt(notedFrom)

async function addMissing(client: pg.ClientBase, folder: string, base: Manifest, snapshot: string): Promise<Manifest> {
  if (base.snapshot === '') return fill(client, folder, base, snapshot)
  const rewritten = await readRewritten(client, base.snapshot)
  if (rewritten.length > REWRITTEN_MAX) return fill(client, folder, emptyManifest(base.log), snapshot)
  const adding = new Adding(folder, base, rewritten)
  await adding.readAll(client, { kind: 'since', snapshot: base.snapshot })
  if (rewritten.length > 0) await adding.readAll(client, { kind: 'of', ids: rewritten })
  return { ...base, buckets: await adding.finish(), snapshot }
}

async function fill(client: pg.ClientBase, folder: string, base: Manifest, snapshot: string): Promise<Manifest> {
  const adding = new Adding(folder, base, [])
  await adding.readAll(client, { kind: 'all' })
  return { ...base, buckets: await adding.finish({ isWhole: true }), snapshot }
}

async function readRewritten(client: pg.ClientBase, snapshot: string): Promise<string[]> {
  const { rows } = await client.query<{ about: string }>(
    `select distinct about from log_rewritten where ${SINCE} limit $3`,
    [...since(snapshot), REWRITTEN_MAX + 1],
  )
  return rows.map(({ about }) => about)
}

class Adding {
  private readonly folder: string
  private readonly buckets: Bucket[]
  /** Of these nothing is kept: what is known of them is read again. */
  private readonly rewritten: ReadonlySet<Owner>
  /** Buckets that may still hold something of those. */
  private readonly unclean: Set<number>
  private sets: RowSet[] = newSets()
  private count = 0

  constructor(folder: string, { buckets }: Manifest, rewritten: readonly string[]) {
    this.folder = folder
    this.buckets = [...buckets]
    this.rewritten = new Set(rewritten.map(ownerOf))
    this.unclean = new Set(rewritten.length === 0 ? [] : [ACCOUNTS, ...this.rewritten.values().map(bucketOf)])
  }

  async readAll(client: pg.ClientBase, part: Part): Promise<void> {
    const isAgain = part.kind === 'of'
    await readRows(client, part, {
      row: (row, kind) => {
        if (isAgain || !this.rewritten.has(row.owner)) this.add(row, kind)
      },
      breath: async () => {
        if (this.count >= ROWS_AT_ONCE) await this.write()
      },
    })
  }

  private add(row: Row, kind: OwnerKind): void {
    this.sets[kind === 'lead' ? bucketOf(row.owner) : ACCOUNTS]!.add(row)
    this.count += 1
  }

  /** @param isWhole  whether each bucket is to be one block, which is read with the least work */
  async finish({ isWhole = false } = {}): Promise<Bucket[]> {
    await this.write()
    if (!isWhole) return this.buckets
    for (const [place, { blocks }] of this.buckets.entries()) {
      if (blocks.length < 2) continue
      this.unclean.add(place)
      this.buckets[place] = await this.writeBucket(place, new RowSet())
    }
    return this.buckets
  }

  private async write(): Promise<void> {
    const sets = this.sets
    this.sets = newSets()
    this.count = 0
    for (const [place, set] of sets.entries()) {
      if (set.count === 0 && !this.unclean.has(place)) continue
      this.buckets[place] = await this.writeBucket(place, set)
      this.unclean.delete(place)
    }
  }

  private async writeBucket(place: number, set: RowSet): Promise<Bucket> {
    const bucket = this.buckets[place]!
    const kept = bucket.blocks.slice(0, this.keptOf(place, set.count))
    const file = openFile(this.folder, bucket)
    try {
      const old = bucket.blocks.map((block) => new Block(file, block))
      for (const block of old.slice(kept.length)) block.pourInto(set, this.rewritten)
      const goesOn = kept.length > 0 && sizeOf(kept) * 2 > bucket.end
      let base: Bucket = goesOn ? { ...bucket, blocks: kept } : newBucket(place)
      if (!goesOn) {
        for (const [index, { rows }] of kept.entries())
          base = await writeBlock(this.folder, base, { bytes: old[index]!.toBytes(), rows })
      }
      if (set.count === 0) return base.end === 0 ? NO_BUCKET : base
      return await writeBlock(this.folder, base, { bytes: seal(set.toBytes()), rows: set.count })
    } finally {
      closeFile(file)
    }
  }

  /** How many of the blocks stay as they are; the rest is written again with what is new. */
  private keptOf(place: number, rows: number): number {
    if (this.unclean.has(place)) return 0
    const { blocks } = this.buckets[place]!
    let [kept, count] = [blocks.length, rows]
    while (kept > 0 && blocks[kept - 1]!.rows < count * TIMES_SMALLER) count += blocks[--kept]!.rows
    return kept
  }
}

const sizeOf = (blocks: readonly BlockPlace[]) => blocks.reduce((sum, { bytes }) => sum + bytes, 0)

const newSets = (): RowSet[] => Array.from({ length: LEAD_BUCKETS + 1 }, () => new RowSet())
