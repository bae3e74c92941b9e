/** Where results are written to. */
import { once } from 'node:events'
import { createWriteStream, openSync, renameSync, rmSync, statSync } from 'node:fs'
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

/** Files that are not whole yet. However the process ends, short of being killed, none of them stays. */
const unfinished = new Set<string>()
process.on('exit', () => {
  for (const path of unfinished) rmSync(path, { force: true })
})

function fileSink(path: string): Sink {
  const aside = `${path}.${process.pid}.part`
  const unwritable = (error: Error) => new CliError('output_unwritable', `${path} cannot be written: ${error.message}`)
  const file = createWriteStream(aside, { fd: openNow(aside, unwritable) })
  unfinished.add(aside)
  const target: Writable = path.endsWith('.gz') ? createGzip() : file
  if (target !== file) target.pipe(file)
  let failure: Error | undefined
  file.on('error', (error) => (failure = error))
  const check = () => {
    if (failure) throw unwritable(failure)
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
      unfinished.delete(aside)
    },
    discard() {
      target.destroy()
      file.destroy()
      rmSync(aside, { force: true })
      unfinished.delete(aside)
    },
  }
}

/** Opened before any work is done, so that an output that cannot be written is told at once. */
function openNow(path: string, unwritable: (error: Error) => CliError): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    throw unwritable(error as Error)
  }
}

/**
 * Refuses outputs that are one of the files that are read, by whatever path: it would be gone before anybody saw the result.
 * @throws CliError `output_is_input`
 */
export function refuseOverwriting(
  outputs: readonly (string | undefined)[],
  inputs: readonly (string | undefined)[],
): void {
  const read = new Map(inputs.flatMap((path) => identityOf(path).map((identity) => [identity, path] as const)))
  for (const output of outputs) {
    for (const identity of identityOf(output)) {
      const input = read.get(identity)
      if (input !== undefined) throw new CliError('output_is_input', `${output} is the file that is read as ${input}`)
    }
  }
}

/** What tells a file apart from all others, links followed; nothing where there is no file. */
function identityOf(path: string | undefined): readonly string[] {
  if (path === undefined || path === '-') return []
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true })
  return stat?.isFile() ? [`${stat.dev} ${stat.ino}`] : []
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
