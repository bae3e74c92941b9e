/** Replies as they travel: what is long is packed for whoever takes it packed. */
import type { DoneFuncWithErrOrRes, FastifyReply, FastifyRequest } from 'fastify'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** What is shorter fits into a packet as it is. */
const PACKED_FROM_CHARS = 1_400
/** Of a list of leads an eighth is left, in a millisecond; better packing takes longer than it saves. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }

/** For texts of JSON; files are packed already, and streams go as they come. */
export function pack(
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: DoneFuncWithErrOrRes,
): void {
  const isWorthIt = typeof payload === 'string' && payload.length >= PACKED_FROM_CHARS && method !== 'HEAD'
  if (!isWorthIt || !isJson(reply) || reply.hasHeader('content-encoding')) return done()
  reply.header('vary', 'accept-encoding')
  const accepted = headers['accept-encoding'] ?? ''
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined
  if (encoding === undefined) return done()
  const finish = (error: Error | null, packed: Buffer) => {
    if (error !== null) return done(error)
    reply.header('content-encoding', encoding).removeHeader('content-length')
    return done(null, packed)
  }
  if (encoding === 'br') brotliCompress(payload, BROTLI, finish)
  else gzip(payload, finish)
}

const isJson = (reply: FastifyReply) => String(reply.getHeader('content-type')).startsWith('application/json')
