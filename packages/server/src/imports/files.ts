/** An upload as a file on this server's disk for as long as it is read. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { ServerError } from '../errors.ts'
import { endUpload, insertChunk, insertJob, readChunks, type JobRow } from './store.ts'
import type { Instant } from '@winnow/engine'
import type { Readable } from 'node:stream'

const CHUNK_BYTES = 1024 * 1024

/**
 * Stores what flows in, piece by piece; an upload that is cut short or too large leaves nothing.
 * @throws ServerError `body_too_large`, `body_malformed` where nothing came
 */
export async function storeUpload(
  pool: pg.Pool,
  stream: Readable,
  job: { id: string; name: string; by: string; now: Instant; bytesMax: number },
): Promise<JobRow> {
  await insertJob(pool, job)
  try {
    let number = 0
    let total = 0
    for await (const chunk of inChunks(stream)) {
      total += chunk.length
      if (total > job.bytesMax) throw new ServerError('body_too_large', `the file is larger than ${job.bytesMax} bytes`)
      await insertChunk(pool, job.id, number++, chunk)
    }
    if (total === 0) throw new ServerError('body_malformed', 'the file is empty')
    return await endUpload(pool, job.id, total)
  } catch (error) {
    await pool.query('delete from import_job where import_id = $1', [job.id])
    throw error
  }
}

async function* inChunks(stream: Readable): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let size = 0
  for await (const piece of stream as AsyncIterable<Buffer>) {
    pieces.push(piece)
    size += piece.length
    if (size < CHUNK_BYTES) continue
    yield Buffer.concat(pieces)
    pieces = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(pieces)
}

/** Runs something with the upload as a file, under its own name: a mapping may tell files apart by theirs. */
export async function withFile<T>(pool: pg.Pool, job: JobRow, run: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-import-'))
  try {
    const path = join(folder, safeName(job.name))
    await pipeline(readChunks(pool, job.import_id), createWriteStream(path))
    return await run(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function safeName(name: string): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}._ -]/gu, '_').slice(-100)
  return /^\.*$/.test(safe) ? 'upload' : safe
}
