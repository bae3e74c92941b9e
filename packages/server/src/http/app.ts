/** The HTTP server: every route comes from the table of endpoints, and every request takes the same steps. */
import helmet from '@fastify/helmet'
import type { Access, Endpoint, RateClass } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { SERVER_HINTS, ServerError, type ServerErrorCode } from '../errors.ts'
import type { Actor } from './actor.ts'
import { BODY_BYTES_MAX, readBody, readJson, readJsonParts, type JsonRead } from './body.ts'
import { addPreflight, allowAnyOrigin } from './cors.ts'
import type { AnyHandler } from './handler.ts'
import { STATUS_OF } from './statuses.ts'
import { pack } from './pack.ts'
import { serveWebApp } from './web-app.ts'

export interface Route {
  readonly name: string
  readonly endpoint: Endpoint
  readonly handler: AnyHandler
}

/** What the plumbing asks of the rest of the server. */
export interface Gate {
  /** Who it is; undefined where the request does not say or says it wrongly. `body` is there for write keys. */
  readonly authenticate: (request: FastifyRequest, access: Access, body: unknown) => Promise<Actor | undefined>
  /** @returns seconds to wait where the caller has used up its share */
  readonly limit: (request: FastifyRequest, rate: RateClass, actor: Actor | undefined) => number | undefined
  readonly audit: AuditLog
  /** False while starting and stopping. */
  readonly isServing: () => boolean
}

export interface AuditEntry {
  readonly at: Instant
  readonly action: string
  readonly actor: Actor | undefined
  readonly params: unknown
  readonly details: Readonly<Record<string, string | number>>
  readonly address: string
}

/** Entries are begun before the handler runs, so that none of its changes can be without one. */
export interface AuditLog {
  readonly begin: (entry: AuditEntry) => Promise<BegunEntry>
}

interface BegunEntry {
  /** It was done; `details` are what the handler noted. */
  readonly complete: (details: AuditEntry['details']) => Promise<void>
  /** It was refused and has changed nothing. */
  readonly takeBack: () => Promise<void>
}

export interface AppOptions {
  readonly routes: readonly Route[]
  readonly gate: Gate
  readonly now: () => Instant
  readonly log: Logger
  /** In tests: a reply that does not fit its schema is a failure of the request. */
  readonly checksReplies?: boolean
  /** Whose X-Forwarded-For counts: nobody's, that of whoever connects, or that of these addresses. */
  readonly trustProxy?: boolean | string
  readonly observe?: (route: string, status: number, ms: number) => void
  /** Where the built web app lies; absent: no pages. */
  readonly webFolder?: string
}

/** The same for every answer but the pages of the web app. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';')

export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { log } = options
  const app = Fastify({
    logger: false,
    // What a client itself put into the header stands before what the proxy added, and never counts.
    trustProxy: options.trustProxy === true ? (_address, hop) => hop === 0 : (options.trustProxy ?? false),
    bodyLimit: BODY_BYTES_MAX,
    connectionTimeout: 60_000, // a sender that has fallen silent does not hold a socket for ever
    requestTimeout: 30 * 60_000, // nor does one that sends a little now and then; large files take their time
    routerOptions: { maxParamLength: 300 },
    genReqId: () => crypto.randomUUID(),
    frameworkErrors: (error, request, reply) => void refuse(reply, request, asServerError(error)),
    clientErrorHandler: refuseConnection,
  })
  const headers = { ...(await securityHeaders()), 'content-security-policy': CONTENT_POLICY }
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
  app.addHook('onSend', pack)
  // Bodies are read by the route: its limit, its media type and its door.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.setErrorHandler((error, request, reply) => {
    const known = asServerError(error)
    if (known.code === 'internal')
      log.error({ err: error, request: request.id, route: request.routeOptions.url }, 'bug')
    return refuse(reply, request, known)
  })
  // After the handler of errors: what is registered by then would not know of it.
  const webApp = options.webFolder === undefined ? undefined : await serveWebApp(app, options.webFolder)
  // A request whose client has gone is still worked on; who closes the app closes the database next.
  const running = new Set<Promise<unknown>>()
  app.addHook('onClose', async () => void (await Promise.allSettled(running)))
  for (const route of options.routes) addRoute(app, route, options, running)
  app.setNotFoundHandler((request, reply) =>
    webApp?.answer(request, reply) ? reply : refuse(reply, request, notFound(options.routes, request)),
  )
  return app
}

/** What helmet adds to every answer, asked for once: putting it together anew took longer than reading most requests. */
async function securityHeaders(): Promise<Record<string, string>> {
  const helmeted = Fastify()
  await helmeted.register(helmet, {
    contentSecurityPolicy: false, // see CONTENT_POLICY
    strictTransportSecurity: false, // for the proxy that ends TLS to say
  })
  helmeted.get('/', async () => '')
  const { headers } = await helmeted.inject('/')
  await helmeted.close()
  const ofAnswer = new Set(['content-type', 'content-length', 'date', 'connection'])
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (ofAnswer.has(name) ? [] : [[name, String(value)]])),
  )
}

function notFound(routes: readonly Route[], request: FastifyRequest): ServerError {
  const path = request.url.split('?')[0]!
  const isKnown = routes.some(({ endpoint }) => pattern(endpoint.path).test(path))
  if (isKnown) return new ServerError('method_not_allowed', `${request.method} is not what ${path} understands`)
  return new ServerError('not_found', `there is nothing at ${path}`)
}

const pattern = (path: string) => new RegExp(`^${path.replaceAll(/:[a-z_]+/gi, '[^/]+')}$`)

/** Errors of Fastify and Node that say what a client did wrong keep their meaning; everything else is ours. */
function asServerError(error: unknown): ServerError {
  if (error instanceof ServerError) return error
  const { statusCode, message, code } = error as { statusCode?: number; message: string; code?: string }
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || (code === 'ECONNRESET' && message === 'aborted'))
    return new ServerError('body_malformed', 'the body was cut short', { at: '' })
  if (statusCode === 413) return new ServerError('body_too_large', message)
  if (statusCode === 415) return new ServerError('media_type_unsupported', message)
  if (statusCode === 414) return new ServerError('not_found', 'no address is as long as this one')
  if (code === 'FST_ERR_BAD_URL') return new ServerError('request_invalid', message, { at: 'path' })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ServerError('request_invalid', message, { at: '' })
  if (isDatabaseAway(code ?? '', message))
    return new ServerError('database_unreachable', 'the database does not take this now')
  return new ServerError('internal', 'something went wrong on our side')
}

/**
 * What passes when the database is back, or has room again: connections that were lost or refused (class 08 and 57P0x of its
 * codes), too many of them, no memory, a full disk (class 53), data that can only be read (25006).
 */
const isDatabaseAway = (code: string, message: string): boolean =>
  /^(?:08...|53...|57P0.|25006|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT)$/.test(code) ||
  /^Connection terminated|not queryable$/.test(message)

/** For what passes by itself: starting, stopping, a queue that is full. */
const RETRY_AFTER_SECONDS = 2

function refuse(reply: FastifyReply, request: FastifyRequest, error: ServerError): FastifyReply {
  const { code, message, hint, at, details, retryAfterSeconds } = error
  if (retryAfterSeconds !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retryAfterSeconds)))
  if (code === 'body_too_large') reply.header('connection', 'close') // the rest of it is not waited for
  if (code === 'unauthenticated') reply.header('www-authenticate', 'Bearer')
  if (STATUS_OF[code] === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER_SECONDS)
  return reply.status(STATUS_OF[code]).send({ error: { code, message, hint, at, details, request: request.id } })
}

const CONNECTION_REFUSALS: Readonly<Record<string, readonly [status: string, code: ServerErrorCode, message: string]>> =
  {
    HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'headers_too_large', 'the headers are too large'],
    ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'request_slow', 'the request took too long to arrive'],
  }

/** What is no HTTP never becomes a request: it is answered on the socket. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, code, message] = CONNECTION_REFUSALS[error.code ?? ''] ?? [
    '400 Bad Request',
    'request_malformed' as const,
    'the request is not HTTP as it should be',
  ]
  const body = JSON.stringify({ error: { code, message, hint: SERVER_HINTS[code] } })
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}`
  if (socket.writable) socket.write(`${head}\r\nconnection: close\r\n\r\n${body}`)
  socket.destroySoon()
}

function addRoute(
  app: FastifyInstance,
  { name, endpoint, handler }: Route,
  options: AppOptions,
  running: Set<Promise<unknown>>,
): void {
  const { gate, log, now, observe } = options
  const { access, rate, audit, status = 200, media } = endpoint
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const started = performance.now()
    if (observe) reply.raw.once('finish', () => observe(name, reply.statusCode, performance.now() - started))
    if (!gate.isServing() && access !== 'public') throw new ServerError('unavailable', 'Winnow is not serving now')
    // Whoever may not call it learns nothing from its checks; a write key may lie in the body, so that comes first there.
    const early = access === 'source' ? undefined : await gate.authenticate(request, access, undefined)
    if (access !== 'source') authorise(access, early)
    const { value: raw, faults } = endpoint.body && !media?.request ? await readRequestJson(request, endpoint) : NO_BODY
    const actor = access === 'source' ? await gate.authenticate(request, access, raw) : early
    if (access === 'source') authorise(access, actor)
    const wait = gate.limit(request, rate, actor)
    if (wait !== undefined) throw new ServerError('rate_limited', 'too many requests', { retryAfterSeconds: wait })
    const details: Record<string, string | number> = {}
    const call = {
      params: check(endpoint.params, request.params, 'params'),
      query: check(endpoint.query, request.query, 'query'),
      body: media?.request ? undefined : check(endpoint.body, raw, 'body'),
      faults,
      actor,
      now: now(),
      request,
      reply,
      upload: request.raw as Readable,
      note: (more: Readonly<Record<string, string | number>>) => Object.assign(details, more),
    }
    const entry = { at: call.now, actor, params: call.params, details, address: request.ip }
    const result: unknown =
      audit === undefined
        ? await handler(call)
        : await audited({ ...entry, action: audit }, { gate, log, run: () => handler(call) })
    if (reply.sent || media?.reply) return reply.sent ? reply : result
    if (options.checksReplies) checkReply(endpoint, name, result)
    reply.status(status)
    return status === 204 ? reply.send() : reply.send(result)
  }
  if (access === 'source') addPreflight(app, endpoint.path)
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    ...(access === 'source' && { onRequest: async (_, reply) => allowAnyOrigin(reply) }),
    handler: (request, reply) => {
      const work = answer(request, reply)
      running.add(work)
      return work.finally(() => running.delete(work))
    },
  })
}

/**
 * What fails on our side leaves its entry as begun: nobody knows what it changed. What was done is answered as done, also where
 * the entry could not be completed: it is there, and trying again would do it twice.
 */
async function audited(
  entry: AuditEntry,
  { gate, log, run }: { readonly gate: Gate; readonly log: Logger; readonly run: () => unknown },
): Promise<unknown> {
  const begun = await gate.audit.begin(entry)
  const finish = async (step: Promise<void>) =>
    step.catch((error: unknown) => log.error({ err: error, action: entry.action }, 'audit entry is left as begun'))
  let result: unknown
  try {
    result = await run()
  } catch (error) {
    if (STATUS_OF[asServerError(error).code] < 500) await finish(begun.takeBack())
    throw error
  }
  await finish(begun.complete(entry.details))
  return result
}

function authorise(access: Access, actor: Actor | undefined): void {
  if (access === 'public') return
  if (actor === undefined) throw new ServerError('unauthenticated', 'the request does not say who makes it')
  if (access === 'source' ? actor.kind === 'source' : false) return
  if (access === 'signed_in' ? actor.kind === 'person' : false) return
  if (access !== 'source' && access !== 'signed_in' && actor.kind !== 'source' && actor.rights.has(access)) return
  throw new ServerError('forbidden', `this needs ${access === 'signed_in' ? 'a person' : `the right \`${access}\``}`)
}

const NO_BODY: JsonRead = { value: undefined, faults: [] }

async function readRequestJson(
  request: FastifyRequest,
  { bodyMax: limit = BODY_BYTES_MAX, isReadInParts = false }: Endpoint,
): Promise<JsonRead> {
  const { 'content-type': type, 'content-encoding': encoding, 'content-length': length } = request.headers
  if (Number(length) > limit) throw new ServerError('body_too_large', `the body is larger than ${limit} bytes`)
  const bytes = await readBody(request.raw, encoding, limit)
  if (bytes.length === 0) return NO_BODY
  // Browsers' beacons send JSON as text/plain.
  if (type !== undefined && !/^(?:application\/(?:[\w.+-]+\+)?json|text\/plain)\b/i.test(type))
    throw new ServerError('media_type_unsupported', `the body is \`${type}\``)
  return isReadInParts ? readJsonParts(bytes) : { value: readJson(bytes), faults: [] }
}

function check(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined
  const result = schema.safeParse(value ?? (where === 'body' ? undefined : {}))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = issue!.path.map(String)
  const at = where === 'body' ? `/${path.join('/')}` : [where, ...path].join('.')
  const details = result.error.issues
    .slice(0, 50)
    .map((each) => ({ at: each.path.map(String).join('/'), message: each.message }))
  throw new ServerError('request_invalid', `${at}: ${issue!.message}`, { at, details })
}

function checkReply(endpoint: Endpoint, name: string, result: unknown): void {
  const checked = endpoint.reply.safeParse(result)
  if (!checked.success) throw new Error(`the reply of ${name} does not fit its schema: ${checked.error.message}`)
}
