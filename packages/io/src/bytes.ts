import { createReadStream } from 'node:fs'
import { addAbortSignal } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InputError } from './refusal.ts'

/** Large enough that the work per chunk does not show, small enough to be nothing beside the rest. */
const CHUNK_BYTES = 64 * 1024

export interface BytesOptions {
  readonly signal?: AbortSignal | undefined
  /** Called with the number of bytes of the file read so far (compressed ones, where it is compressed). */
  readonly onRead?: ((bytes: number) => void) | undefined
}

/** Bytes of a file, or of standard input for `-`; unpacked when they begin like gzip, whatever the file is called. */
export async function* readBytes(path: string, options: BytesOptions = {}): AsyncGenerator<Buffer> {
  const raw = counted(openRaw(path, options.signal), options)
  const first = await raw.next()
  if (first.done) return
  const source = resume(first.value, raw)
  try {
    yield* isGzip(first.value) ? gunzip(source) : source
  } catch (error) {
    throw asInputError(error, path)
  }
}

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b

async function* openRaw(path: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES })
  // Ends the waiting too, for input that does not come.
  if (signal !== undefined) addAbortSignal(signal, stream)
  try {
    for await (const chunk of stream) yield chunk as Buffer
  } catch (error) {
    if (signal?.aborted) throw new InputError('input_cancelled', 'cancelled')
    throw asInputError(error, path)
  }
}

async function* counted(source: AsyncIterable<Buffer>, { signal, onRead }: BytesOptions): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of source) {
    if (signal?.aborted) throw new InputError('input_cancelled', 'cancelled')
    bytes += chunk.length
    onRead?.(bytes)
    yield chunk
  }
}

async function* resume(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

async function* gunzip(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES })
  const feeding = feed(source, unzip)
  // The reader below sees the failure too; this only keeps it from counting as unhandled.
  feeding.catch(() => unzip.destroy())
  for await (const chunk of unzip) yield chunk as Buffer
  await feeding
}

async function feed(source: AsyncIterable<Buffer>, unzip: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const chunk of source) {
      if (unzip.destroyed) return
      if (!unzip.write(chunk)) await drained(unzip)
    }
    unzip.end()
  } catch (error) {
    unzip.destroy(error as Error)
    throw error
  }
}

/** Resolves when the stream takes more, and also when it is closed, so that an early end of reading leaves nothing behind. */
function drained(stream: ReturnType<typeof createGunzip>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done)
      stream.off('close', done)
      resolve()
    }
    stream.on('drain', done)
    stream.on('close', done)
  })
}

function asInputError(error: unknown, path: string): unknown {
  if (error instanceof InputError) return error
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new InputError('input_not_found', `there is no file \`${path}\``, { at: path })
  if (code?.startsWith('Z_'))
    return new InputError('input_gzip_damaged', `${path} cannot be unpacked: ${message}`, { at: path })
  if (code !== undefined) return new InputError('input_unreadable', `${path} cannot be read: ${message}`, { at: path })
  return error
}
