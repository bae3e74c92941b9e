/** The one door for bodies: size, compression, encoding, strict JSON. What passes is exactly what was sent. */
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parseJsonParts, parseStrictJson, type JsonFault } from '@winnow/io'
import { ServerError } from '../errors.ts'

export const BODY_BYTES_MAX = 1024 * 1024

/**
 * @param limit  bytes after decompression
 * @throws ServerError `body_too_large`, `body_malformed`, `encoding_unsupported`
 */
export async function readBody(stream: Readable, encoding: string | undefined, limit: number): Promise<Buffer> {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return collect(stream, limit)
    case 'gzip':
    case 'x-gzip':
      return collectGzip(stream, limit)
    default:
      throw new ServerError('encoding_unsupported', `the body is in the encoding \`${encoding}\``)
  }
}

/** By its events: an iterator over a stream takes as long as everything else that is done with a small request. */
function collect(stream: Readable, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  return new Promise((resolve, reject) => {
    const hear = (piece: Buffer) => {
      bytes += piece.length
      pieces.push(piece)
      if (bytes <= limit) return
      stream.off('data', hear)
      stream.pause()
      reject(new ServerError('body_too_large', `the body is larger than ${limit} bytes`))
    }
    stream
      .on('data', hear)
      .once('end', () => resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, bytes)))
      .once('error', reject)
      .once('close', () => {
        if (!stream.readableEnded) reject(new ServerError('body_malformed', 'the body was cut short', { at: '' }))
      })
  })
}

/** Unpacked piece by piece: a bomb is refused when it passes the limit, not when it has filled the memory. */
async function collectGzip(stream: Readable, limit: number): Promise<Buffer> {
  const unzip = createGunzip()
  stream.on('error', (error) => unzip.destroy(error))
  stream.pipe(unzip)
  try {
    return await collect(unzip, limit)
  } catch (error) {
    if (error instanceof ServerError) throw error
    throw new ServerError('body_malformed', 'the body is not gzip, or cut short', { at: '' })
  } finally {
    stream.unpipe(unzip)
    unzip.destroy()
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

export interface JsonRead {
  readonly value: unknown
  /** Values that may not be where they are; what was read in their place means nothing. */
  readonly faults: readonly JsonFault[]
}

/**
 * @throws ServerError `body_malformed` with the place
 */
export function readJson(bytes: Uint8Array): unknown {
  const result = parseStrictJson(decode(bytes))
  if (result.ok) return result.value
  throw malformed(result)
}

/**
 * For bodies of many parts that stand or fall by themselves.
 * @throws ServerError `body_malformed` where it is no JSON at all
 */
export function readJsonParts(bytes: Uint8Array): JsonRead {
  const result = parseJsonParts(decode(bytes))
  if (result.ok) return result
  throw malformed(result)
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new ServerError('body_malformed', 'the body is not UTF-8', { at: '' })
  }
}

const malformed = ({ code, place, reason }: { code: string; place: string; reason: string }) =>
  new ServerError('body_malformed', reason, { at: place, details: { reason: code } })
