/** Where results are written to. */
import { once } from 'node:events'
import { createWriteStream, renameSync, rmSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { CliError } from './errors.ts'

/** Where a result is written to: standard output, or a file that appears only when it is whole. */
export interface Sink {
  readonly write: (text: string) => Promise<void>
  readonly close: () => Promise<void>
  /** Leaves no half-written file behind. */
  readonly discard: () => void
}

export function openSink(path: string | undefined): Sink {
  return path === undefined || path === '-' ? standardOutput() : fileSink(path)
}

function standardOutput(): Sink {
  return { write: (text) => push(process.stdout, text), close: () => Promise.resolve(), discard: () => {} }
}

function fileSink(path: string): Sink {
  const aside = `${path}.${process.pid}.part`
  const file = createWriteStream(aside)
  const target: Writable = path.endsWith('.gz') ? createGzip() : file
  if (target !== file) target.pipe(file)
  let failure: Error | undefined
  file.on('error', (error) => (failure = error))
  const check = () => {
    if (failure) throw new CliError('output_unwritable', `${path} cannot be written: ${failure.message}`)
  }
  return {
    async write(text) {
      check()
      await push(target, text)
    },
    async close() {
      check()
      target.end()
      if (!file.closed) await Promise.race([once(file, 'close'), once(file, 'error')])
      check()
      renameSync(aside, path)
    },
    discard: () => rmSync(aside, { force: true }),
  }
}

/** Waits while the stream is full; a stream that is closed takes everything and keeps nothing. */
function push(stream: Writable, text: string): Promise<void> {
  if (stream.write(text) || stream.destroyed) return Promise.resolve()
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

/** Runs with a sink that is closed at the end, or leaves nothing behind where something fails. */
export async function withSink<T>(path: string | undefined, use: (sink: Sink) => Promise<T>): Promise<T> {
  const sink = openSink(path)
  try {
    const result = await use(sink)
    await sink.close()
    return result
  } catch (error) {
    sink.discard()
    throw error
  }
}
