import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import type { Endpoint } from '@winnow/contract'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Actor } from '../../src/http/actor.ts'
import { createApp } from '../../src/http/app.ts'
import type { AnyHandler } from '../../src/http/handler.ts'
import { NO_AUDIT } from './no-audit.ts'

const READER: Actor = { kind: 'key', id: 'k', name: 'k', rights: new Set(['leads:read']) }

const echo = {
  method: 'POST',
  path: '/echo/:name',
  summary: 'Send back what came',
  access: 'leads:read',
  rate: 'write',
  params: z.object({ name: z.string() }),
  body: z.strictObject({ text: z.string().max(20), number: z.number().optional() }),
  reply: z.object({ text: z.string() }),
  bodyMax: 2000,
} satisfies Endpoint

async function appWith(actor: Actor | undefined, handler: AnyHandler = ({ body }) => ({ text: body.text })) {
  return createApp({
    routes: [{ name: 'echo', endpoint: echo, handler }],
    gate: {
      authenticate: async () => actor,
      limit: () => undefined,
      audit: NO_AUDIT,
      isServing: () => true,
    },
    now: () => 0,
    log: pino({ level: 'silent' }),
    checksReplies: true,
  })
}

type Body = string | Buffer
const post = async (payload: Body, headers: Record<string, string> = {}, actor: Actor | undefined = READER) =>
  (await appWith(actor)).inject({
    method: 'POST',
    url: '/echo/x',
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  })

test('a good body arrives, plain and compressed', async () => {
  const body = JSON.stringify({ text: 'Zoë 🎉' })
  expect((await post(body)).json()).toEqual({ text: 'Zoë 🎉' })
  expect((await post(gzipSync(body), { 'content-encoding': 'gzip' })).json()).toEqual({ text: 'Zoë 🎉' })
})

test.each([
  ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['identity', undefined, (bytes: Buffer) => bytes],
])('a long reply to whoever takes %s travels as %s', async (accepted, encoding, unpack) => {
  const text = 'Zoë 🎉 '.repeat(400)
  const app = await appWith(READER, () => ({ text }))
  const reply = await app.inject({
    method: 'POST',
    url: '/echo/x',
    payload: { text: 'a' },
    headers: { 'accept-encoding': accepted },
  })
  expect(reply.headers).toMatchObject({ vary: 'accept-encoding', 'content-length': `${reply.rawPayload.length}` })
  expect(reply.headers['content-encoding']).toBe(encoding)
  expect(JSON.parse(unpack(reply.rawPayload).toString())).toEqual({ text })
})

test('a short reply travels as it is', async () => {
  const reply = await post('{"text":"a"}', { 'accept-encoding': 'br, gzip' })
  expect(reply.headers['content-encoding']).toBeUndefined()
  expect(reply.json()).toEqual({ text: 'a' })
})

test.each<[name: string, body: Body, headers: Record<string, string>, status: number, code: string]>([
  ['no JSON', '{', {}, 400, 'body_malformed'],
  ['a key twice', '{"text":"a","text":"b"}', {}, 400, 'body_malformed'],
  ['a key that reaches prototypes', '{"text":"a","__proto__":{}}', {}, 400, 'body_malformed'],
  ['a number that cannot be held', '{"text":"a","number":9007199254740993}', {}, 400, 'body_malformed'],
  ['half a surrogate pair', '{"text":"\\ud800"}', {}, 400, 'body_malformed'],
  ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'body_malformed'],
  ['depth', `${'['.repeat(40)}${']'.repeat(40)}`, {}, 400, 'body_malformed'],
  ['a missing field', '{}', {}, 422, 'request_invalid'],
  ['an unknown field', '{"text":"a","more":1}', {}, 422, 'request_invalid'],
  ['a text for a number', '{"text":"a","number":"12"}', {}, 422, 'request_invalid'],
  ['too much', JSON.stringify({ text: 'a'.repeat(3000) }), {}, 413, 'body_too_large'],
  ['a bomb', gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }, 413, 'body_too_large'],
  ['gzip cut short', gzipSync('{"text":"a"}').subarray(0, 12), { 'content-encoding': 'gzip' }, 400, 'body_malformed'],
  ['another compression', '{}', { 'content-encoding': 'br' }, 415, 'encoding_unsupported'],
  ['another media type', '<a/>', { 'content-type': 'application/xml' }, 415, 'media_type_unsupported'],
])('refuses %s', async (_name, body, headers, status, code) => {
  const reply = await post(body, headers)
  expect(reply.statusCode).toBe(status)
  expect(reply.json()).toMatchObject({ error: { code, message: expect.any(String), hint: expect.any(String) } })
})

test('the place of an invalid field is a JSON pointer', async () => {
  expect((await post('{"text":5}')).json()).toMatchObject({ error: { at: '/text' } })
})

test('whoever may not call it learns nothing about the body', async () => {
  const nobody = await appWith(undefined)
  const stranger = await appWith({ ...READER, rights: new Set() })
  const send = {
    method: 'POST',
    url: '/echo/x',
    payload: '{',
    headers: { 'content-type': 'application/json' },
  } as const
  expect((await nobody.inject(send)).statusCode).toBe(401)
  expect((await stranger.inject(send)).statusCode).toBe(403)
})

test('an unknown address and a wrong method are told apart', async () => {
  const app = await appWith(READER)
  expect((await app.inject({ url: '/nowhere' })).json()).toMatchObject({ error: { code: 'not_found' } })
  expect((await app.inject({ url: '/echo/x' })).json()).toMatchObject({ error: { code: 'method_not_allowed' } })
})

test('a bug is told without its insides', async () => {
  const app = await appWith(READER, () => {
    throw new Error('secret')
  })
  const reply = await app.inject({ method: 'POST', url: '/echo/x', payload: { text: 'a' } })
  expect(reply.statusCode).toBe(500)
  expect(reply.body).not.toContain('secret')
})

test('only what comes with a write key may be sent by scripts of any page', async () => {
  const track = { ...echo, path: '/track', access: 'source', params: z.object({}) } satisfies Endpoint
  const app = await createApp({
    routes: [
      { name: 'echo', endpoint: echo, handler: () => ({ text: '' }) },
      { name: 'track', endpoint: track, handler: () => ({ text: '' }) },
    ],
    gate: { authenticate: async () => undefined, limit: () => undefined, audit: NO_AUDIT, isServing: () => true },
    now: () => 0,
    log: pino({ level: 'silent' }),
  })
  const preflight = (url: string) => app.inject({ method: 'OPTIONS', url, headers: { origin: 'https://a.example' } })
  const { statusCode, headers } = await preflight('/track')
  expect(statusCode).toBe(204)
  expect(headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-headers': expect.stringContaining('authorization'),
  })
  expect(headers['access-control-allow-credentials']).toBeUndefined()
  expect((await preflight('/echo/x')).headers['access-control-allow-origin']).toBeUndefined()
  const refused = await app.inject({ method: 'POST', url: '/track', payload: { text: 'a' } })
  expect(refused.statusCode).toBe(401)
  expect(refused.headers['access-control-allow-origin']).toBe('*')
})

test('a body in parts arrives with what is wrong in it', async () => {
  const parts = { ...echo, body: z.unknown(), isReadInParts: true } satisfies Endpoint
  const seen: unknown[] = []
  const app = await createApp({
    routes: [
      {
        name: 'parts',
        endpoint: parts,
        handler: ({ body, faults }) => {
          seen.push(body, faults)
          return { text: '' }
        },
      },
    ],
    gate: { authenticate: async () => READER, limit: () => undefined, audit: NO_AUDIT, isServing: () => true },
    now: () => 0,
    log: pino({ level: 'silent' }),
  })
  await app.inject({ method: 'POST', url: '/echo/x', payload: '{"a":1,"b":1e400}' })
  expect(seen).toMatchObject([{ a: 1 }, [{ code: 'json_number_unsafe', path: ['b'] }]])
})

test('closing waits for what is still worked on, also where nobody waits for the answer any more', async () => {
  const begun = Promise.withResolvers<void>()
  const goesOn = Promise.withResolvers<void>()
  let isDone = false
  const app = await appWith(READER, async ({ body }) => {
    begun.resolve()
    await goesOn.promise
    isDone = true
    return { text: body.text }
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const impatient = new AbortController()
  const headers = { 'content-type': 'application/json' }
  const asked = fetch(`${url}/echo/x`, { method: 'POST', headers, body: '{"text":"a"}', signal: impatient.signal })
  await begun.promise
  impatient.abort()
  await expect(asked).rejects.toThrow()
  const closed = app.close().then(() => expect(isDone).toBe(true))
  setTimeout(goesOn.resolve, 50)
  await closed
})
