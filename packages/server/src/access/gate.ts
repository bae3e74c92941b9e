/** Who makes a request, whether a page of ours sent it, and how often they may. */
import { RIGHTS_OF } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type { FastifyRequest } from 'fastify'
import { auditLog } from '../audit/audit.ts'
import type { Db } from '../db/database.ts'
import type { Actor } from '../http/actor.ts'
import type { Gate } from '../http/app.ts'
import type { Auth, SignedIn } from './auth.ts'
import { findKey } from './keys.ts'
import { callerAt, type Limits } from './limits.ts'
import { requireOwnOrigin } from './origin.ts'
import type { SourceLookup } from './sources.ts'

export interface GateParts {
  readonly db: Db
  readonly auth: Auth
  readonly limits: Limits
  readonly sources: SourceLookup
  readonly publicUrl: string | undefined
  readonly isServing: () => boolean
  readonly now: () => Instant
}

export function createGate({ db, auth, limits, sources, publicUrl, isServing, now }: GateParts): Gate {
  const fromBrowser = async (request: FastifyRequest): Promise<Actor | undefined> => {
    if (!auth.hasCookie(request)) return undefined
    requireOwnOrigin(request, { publicUrl, carriesCookie: true })
    const signedIn = await auth.whoIs(request)
    return signedIn && toActor(signedIn)
  }
  return {
    authenticate: async (request, access, body) => {
      switch (access) {
        case 'public':
          requireOwnOrigin(request, { publicUrl, carriesCookie: false }) // nobody signs in from another's page
          return undefined
        case 'source': {
          const writeKey = writeKeyOf(request.headers.authorization, body)
          return writeKey === undefined ? undefined : sources.find(writeKey)
        }
        default: {
          const { authorization } = request.headers
          if (authorization === undefined) return fromBrowser(request)
          const [, key] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
          return key === undefined ? undefined : findKey(db, key, now())
        }
      }
    },
    limit: (request, rate, actor) =>
      limits.take(rate, actor === undefined ? callerAt(request.ip) : `${actor.kind} ${actor.id}`),
    audit: auditLog(db),
    isServing,
  }
}

const toActor = ({ id, name, role }: SignedIn): Actor => ({
  kind: 'person',
  id,
  name,
  role,
  rights: new Set(RIGHTS_OF[role]),
})

/** Basic authentication with the write key as the user's name, or `writeKey` in the body. */
function writeKeyOf(authorization: string | undefined, body: unknown): string | undefined {
  const [, basic] = /^Basic +([\w+/=-]+)$/i.exec(authorization ?? '') ?? []
  if (basic !== undefined) return Buffer.from(basic, 'base64').toString().split(':')[0]
  const { writeKey } = (body ?? {}) as { writeKey?: unknown }
  return typeof writeKey === 'string' ? writeKey : undefined
}
