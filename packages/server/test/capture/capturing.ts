/** Capture behind a gate that knows one write key, in front of a port that records what reaches it. */
import { capture as endpoints, type Endpoint } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { pino } from 'pino'
import { createCapture, type Capture } from '../../src/capture/handlers.ts'
import { postgresCaptureStore } from '../../src/capture/store.ts'
import { TrafficCounts } from '../../src/capture/traffic.ts'
import type { Actor } from '../../src/http/actor.ts'
import { createApp, type Gate } from '../../src/http/app.ts'
import type { AnyHandler } from '../../src/http/handler.ts'
import type { Intake, IntakePort, Taken } from '../../src/live/intake.ts'
import { NO_AUDIT } from '../http/no-audit.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'

export const WRITE_KEY = 'wk_site'
export const SOURCE = 'site'
export const NOW: Instant = Date.parse('2026-03-01T12:00:00.000Z')

export interface Capturing {
  readonly app: FastifyInstance
  readonly capture: Capture
  readonly database: TestDatabase
  /** Everything that reached the port, in order. */
  readonly intakes: Intake[]
  /** What the port does next, other than to store. */
  failNext: (error: Error) => void
  now: Instant
  readonly close: () => Promise<void>
}

/** The first with an id counts. */
function recordingPort(intakes: Intake[], failure: { next: Error | undefined }): IntakePort {
  const seen = new Map<string, Uint8Array>()
  return {
    async take(messages) {
      const error = failure.next
      failure.next = undefined
      if (error !== undefined) throw error
      return messages.map((message): Taken => {
        const before = seen.get(message.messageId)
        if (before !== undefined) {
          const isSame = Buffer.compare(before, message.digest) === 0
          return { status: isSame ? 'repeated' : 'conflicting', leadId: null }
        }
        seen.set(message.messageId, message.digest)
        intakes.push(message)
        return { status: 'stored', leadId: null }
      })
    },
  }
}

const source: Actor = { kind: 'source', id: SOURCE, name: 'Site' }
const marketing: Actor = { kind: 'key', id: 'k', name: 'k', rights: new Set(['settings:write']) }

/** As write keys come: as the user of Basic authentication, or in the body. */
function writeKeyOf(request: FastifyRequest, body: unknown): string | undefined {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (basic !== undefined) return Buffer.from(basic, 'base64').toString().split(':')[0]
  return (body as { writeKey?: string } | undefined)?.writeKey
}

export const testGate: Gate = {
  authenticate: async (request, access, body) => {
    if (access !== 'source') return request.headers.authorization === 'Bearer marketing' ? marketing : undefined
    return writeKeyOf(request, body) === WRITE_KEY ? source : undefined
  },
  limit: () => undefined,
  audit: NO_AUDIT,
  isServing: () => true,
}

export async function openCapturing(gate: Gate = testGate): Promise<Capturing> {
  const database = await createTestDatabase()
  const intakes: Intake[] = []
  const failure: { next: Error | undefined } = { next: undefined }
  const capture = createCapture({
    intake: recordingPort(intakes, failure),
    store: postgresCaptureStore(database.db),
    traffic: new TrafficCounts(database.db),
  })
  const handlers = capture.handlers as Readonly<Record<string, AnyHandler>>
  const routes = Object.entries<Endpoint>(endpoints).map(([name, endpoint]) => ({
    name,
    endpoint,
    handler: handlers[name]!,
  }))
  const self: Capturing = {
    app: await createApp({
      routes,
      gate,
      now: () => self.now,
      log: pino({ level: 'silent' }),
      checksReplies: true,
    }),
    capture,
    database,
    intakes,
    failNext: (error) => {
      failure.next = error
    },
    now: NOW,
    close: async () => {
      await self.app.close()
      await capture.drain(self.now)
      await database.drop()
    },
  }
  return self
}
