import { toInstantText, type changes } from '@winnow/contract'
import { Readable } from 'node:stream'
import type pg from 'pg'
import { ServerError } from '../errors.ts'
import type { HandlersOf } from '../http/handler.ts'
import type { Feed } from './feed.ts'
import { BEGINNING, formatPlace, parsePlace, readOutbox, type Line, type Place } from './outbox.ts'

const HEARTBEAT_MS = 15_000
/** How long a browser waits before it comes back. */
const RETRY_MS = 2_000
/** More who follow than this would cost others too much. */
const STREAMS_MAX = 500

export interface ChangeParts {
  readonly pool: pg.Pool
  readonly feed: Feed
  readonly heartbeatMs?: number
}

export function changeHandlers({ pool, feed, heartbeatMs = HEARTBEAT_MS }: ChangeParts): HandlersOf<typeof changes> {
  let streams = 0
  return {
    getChanges: async ({ query, request, reply }) => {
      const { lead, limit } = query
      const last = request.headers['last-event-id']
      const given = typeof last === 'string' && last !== '' ? last : query.after
      const after = given === undefined ? undefined : placeOf(given)
      if (!(request.headers.accept ?? '').includes('text/event-stream')) {
        const lines = await readOutbox(pool, { after: after ?? BEGINNING, lead, limit })
        const next = lines.at(-1)?.place ?? after ?? BEGINNING
        return { changes: lines.map(changeReply), next: formatPlace(next) }
      }
      if (streams >= STREAMS_MAX) throw new ServerError('overloaded', `${streams} follow changes already`)
      streams += 1
      const closed = new AbortController()
      reply.raw.once('close', () => {
        streams -= 1
        closed.abort()
      })
      reply.header('content-type', 'text/event-stream; charset=utf-8')
      reply.header('cache-control', 'no-store')
      reply.header('x-accel-buffering', 'no') // proxies would hold it back
      const batches = feed.follow({ after, lead, signal: closed.signal })
      // Read only as fast as the client takes it: whoever is slow costs no memory, and falls behind alone.
      return Readable.from(events(batches, heartbeatMs), { objectMode: false, highWaterMark: 64 * 1024 }) as never
    },
  }
}

function placeOf(text: string): Place {
  const place = parsePlace(text)
  if (place === undefined) throw new ServerError('cursor_invalid', `\`${text.slice(0, 50)}\` is no place in the stream`)
  return place
}

const changeReply = ({ place, topic, lead, at, recordedAt, body }: Line) => ({
  id: formatPlace(place),
  topic,
  lead,
  at: toInstantText(at),
  recordedAt: toInstantText(recordedAt),
  body,
})

/** Batches as server-sent events, with a sign of life where none comes for a while. */
async function* events(batches: AsyncGenerator<readonly Line[]>, heartbeatMs: number): AsyncGenerator<string> {
  try {
    yield `retry: ${RETRY_MS}\n\n`
    let next = batches.next()
    for (;;) {
      const batch = await orHeartbeat(next, heartbeatMs)
      if (batch === 'heartbeat') yield ': still here\n\n'
      else if (batch.done) return
      else {
        yield batch.value.map(eventText).join('')
        next = batches.next()
      }
    }
  } finally {
    // Not waited for: it may be waiting itself, until the signal ends it.
    void batches.return(undefined)
  }
}

function orHeartbeat<T>(next: Promise<T>, ms: number): Promise<T | 'heartbeat'> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const beat = new Promise<'heartbeat'>((resolve) => {
    timer = setTimeout(() => resolve('heartbeat'), ms)
  })
  return Promise.race([next, beat]).finally(() => clearTimeout(timer))
}

function eventText(line: Line): string {
  const { id, topic, ...data } = changeReply(line)
  return `id: ${id}\nevent: ${topic}\ndata: ${JSON.stringify(data)}\n\n`
}
