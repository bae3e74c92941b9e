/**
 * The copy as files: one for each bucket of owners, in which blocks follow one another, and a manifest that says which bytes of them
 * count. The manifest is replaced whole, so that a kill at any moment leaves the copy as it was; bytes that no manifest speaks of are
 * written over.
 */
import { closeSync, openSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CopyDamaged, type BlockPlace } from './block.ts'
import type { Owner } from './rows.ts'

/** Another one is thrown away and made anew. */
export const FORMAT = 1
/** Leads by the first six bits of their ids, which are random; behind them, accounts. */
export const LEAD_BUCKETS = 64
export const ACCOUNTS = 64

export const bucketOf = (owner: Owner): number => owner.charCodeAt(0) >> 2
export const bucketOfId = (lead: string): number => Number.parseInt(lead.slice(0, 2), 16) >> 2

export interface Manifest {
  readonly format: number
  /** Whose log it is a copy of. */
  readonly log: string
  /** The transactions that it holds, as PostgreSQL says it. */
  readonly snapshot: string
  readonly buckets: readonly Bucket[]
}

export interface Bucket {
  /** Empty where there is nothing. */
  readonly file: string
  /** So many bytes have been written, those of blocks that count no longer among them. */
  readonly end: number
  readonly blocks: readonly BlockPlace[]
}

export const NO_BUCKET: Bucket = { file: '', end: 0, blocks: [] }

export const emptyManifest = (log: string): Manifest => ({
  format: FORMAT,
  log,
  snapshot: '',
  buckets: Array.from({ length: LEAD_BUCKETS + 1 }, () => NO_BUCKET),
})

const MANIFEST = 'manifest.json'
/** Numbers lie in files as they lie in memory. */
const IS_LITTLE = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

/** Of the copy's own folder; nobody else may look into it, for it holds what the database holds. */
export const makeFolder = (folder: string) => mkdir(folder, { recursive: true, mode: 0o700 })

/** @returns undefined where there is no copy that can be read */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as Manifest
    if (manifest.format !== FORMAT || !IS_LITTLE) return undefined
    const sizes = await Promise.all(
      manifest.buckets.map(async ({ file }) => (file === '' ? 0 : (await stat(join(folder, file))).size)),
    )
    const isWhole = manifest.buckets.every(({ blocks }, place) =>
      blocks.every(({ at, bytes }) => at + bytes <= sizes[place]!),
    )
    return isWhole ? manifest : undefined
  } catch {
    return undefined
  }
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST)
  await writeFile(`${path}.new`, JSON.stringify(manifest), { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
}

/** The next to ask makes a new one. */
export const forget = (folder: string) => rm(join(folder, MANIFEST), { force: true })

/** Removes whatever the manifest does not speak of. */
export async function removeOthers(folder: string, { buckets }: Manifest): Promise<void> {
  const kept = new Set([MANIFEST, ...buckets.map(({ file }) => file)])
  const names = await readdir(folder)
  await Promise.all(names.filter((name) => isOurs(name) && !kept.has(name)).map((name) => rm(join(folder, name))))
}

const isOurs = (name: string) => /^bucket-\d+-[\da-f]+$/.test(name) || name === `${MANIFEST}.new`

/**
 * Writes a block behind everything that is there, for others may be reading it.
 * @returns the bucket as it is then
 */
export async function writeBlock(
  folder: string,
  { file, end, blocks }: Bucket,
  { bytes, rows }: { bytes: Uint8Array; rows: number },
): Promise<Bucket> {
  const handle = await open(join(folder, file), end === 0 ? 'wx' : 'r+', 0o600)
  try {
    for (let written = 0; written < bytes.length;) {
      const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, end + written)
      written += bytesWritten
    }
    await handle.datasync()
  } finally {
    await handle.close()
  }
  return { file, end: end + bytes.length, blocks: [...blocks, { at: end, bytes: bytes.length, rows }] }
}

export const newBucket = (place: number): Bucket => ({
  ...NO_BUCKET,
  file: `bucket-${place}-${crypto.randomUUID().slice(0, 8)}`,
})

/** A copy that can be read: its files stay what they are for whoever has opened them. Plain data, for threads to share. */
export interface OpenCopy {
  readonly buckets: readonly { readonly fd: number; readonly blocks: readonly BlockPlace[] }[]
}

/** @throws CopyDamaged */
export function openCopy(folder: string, { buckets }: Manifest): OpenCopy {
  const opened: OpenCopy['buckets'][number][] = []
  try {
    for (const bucket of buckets) opened.push({ fd: openFile(folder, bucket), blocks: bucket.blocks })
    return { buckets: opened }
  } catch (error) {
    closeCopy({ buckets: opened })
    throw error
  }
}

export function closeCopy({ buckets }: OpenCopy): void {
  for (const { fd } of buckets) closeFile(fd)
}

/** @throws CopyDamaged */
export function openFile(folder: string, { file }: Bucket): number {
  if (file === '') return -1
  try {
    return openSync(join(folder, file), 'r')
  } catch (error) {
    throw new CopyDamaged('a file of the copy cannot be opened', { cause: error })
  }
}

export function closeFile(fd: number): void {
  if (fd >= 0) closeSync(fd)
}
