/** The values and events that tracking has to withstand, over HTTP: kept exactly, or refused with a reason, and never a 5xx. */
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ServerError } from '../../src/errors.ts'
import { NOW, openCapturing, SOURCE, WRITE_KEY, type Capturing } from './capturing.ts'

let capturing: Capturing
beforeAll(async () => {
  capturing = await openCapturing()
})
afterAll(() => capturing.close())
beforeEach(() => {
  capturing.intakes.length = 0
  capturing.now = NOW
})

const BASIC = { authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}` }
const JSON_TYPE = { 'content-type': 'application/json' }
let messages = 0
const newId = () => `m-${(messages += 1)}`

const post = (url: string, payload: unknown, headers: Record<string, string> = BASIC) =>
  capturing.app.inject({
    method: 'POST',
    url,
    payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
    headers: { ...JSON_TYPE, ...headers },
  })
const track = (more: object = {}) => ({ type: 'track', userId: 'ada', event: 'Viewed', messageId: newId(), ...more })
const activities = () => capturing.intakes.flatMap(({ says }) => says.filter(({ kind }) => kind === 'activity'))
const propertiesSeen = () => activities().map((saying) => (saying.kind === 'activity' ? saying.properties : undefined))

describe('the way in', () => {
  test.each([
    ['/v1/track', { event: 'e' }],
    ['/v1/identify', { traits: { plan: 'pro' } }],
    ['/v1/page', { name: 'Home' }],
    ['/v1/screen', { name: 'Home' }],
    ['/v1/group', { groupId: 'g' }],
    ['/v1/alias', { previousId: 'p' }],
    ['/v1/t', { event: 'e' }],
    ['/v1/i', {}],
    ['/v1/p', {}],
    ['/v1/s', {}],
    ['/v1/g', { groupId: 'g' }],
    ['/v1/a', { previousId: 'p' }],
    ['/v1/batch', { batch: [track()] }],
    ['/v1/import', { batch: [track()] }],
    ['/v1/b', { batch: [track()] }],
  ])('%s', async (url, body) => {
    const reply = await post(url, { userId: 'ada', messageId: newId(), ...body })
    expect(reply.json()).toEqual({ success: true })
    expect(capturing.intakes).toHaveLength(1)
  })

  test('the write key in the body, as beacons send it', async () => {
    const body = JSON.stringify({ ...track(), writeKey: WRITE_KEY })
    const reply = await post('/v1/t', body, { 'content-type': 'text/plain;charset=UTF-8' })
    expect(reply.json()).toEqual({ success: true })
    expect(JSON.stringify(capturing.intakes)).not.toContain(WRITE_KEY)
  })

  test.each([
    ['none', {}],
    ['a wrong one', { authorization: 'Basic d3Jvbmc6' }],
  ])('write key: %s', async (_name, headers) => {
    expect((await post('/v1/track', track(), headers)).statusCode).toBe(401)
  })

  test('gzip', async () => {
    const body = gzipSync(JSON.stringify({ batch: [track(), track()] }))
    expect((await post('/v1/batch', body, { ...BASIC, 'content-encoding': 'gzip' })).json()).toEqual({ success: true })
    expect(capturing.intakes).toHaveLength(2)
  })

  test('a bomb', async () => {
    const reply = await post('/v1/batch', gzipSync(Buffer.alloc(100_000_000)), { ...BASIC, 'content-encoding': 'gzip' })
    expect(reply.statusCode).toBe(413)
  })

  test('a batch of 1 MiB less a little', async () => {
    const batch = Array.from({ length: 40 }, () => track({ properties: { text: 'x'.repeat(26_000) } }))
    expect((await post('/v1/batch', { batch })).json()).toEqual({ success: true })
    expect(capturing.intakes).toHaveLength(40)
  })

  test('20,000 messages, and one too many', async () => {
    const some = (count: number) =>
      `{"batch":[${Array.from({ length: count }, (_, index) => `{"type":"track","event":"e","userId":"${index + 1}"}`).join()}]}`
    expect((await post('/v1/batch', some(20_000))).json()).toEqual({ success: true })
    const refused = await post('/v1/batch', some(20_001))
    expect(refused.statusCode).toBe(413)
    expect(refused.json()).toMatchObject({ error: { code: 'body_too_large', at: '/batch' } })
  })

  test('an empty batch', async () => {
    expect((await post('/v1/batch', { batch: [] })).json()).toEqual({ success: true })
  })

  test.each<[name: string, body: unknown, status: number, at: string]>([
    ['no batch', {}, 422, '/batch'],
    ['a batch that is no list', { batch: {} }, 422, '/batch'],
    ['a context that is no map', { batch: [], context: 7 }, 422, '/context'],
    ['a time of sending that is none', { batch: [], sentAt: 'now' }, 422, '/sentAt'],
    ['a batch twice', '{"batch":[],"batch":[]}', 400, ''],
  ])('%s', async (_name, body, status, at) => {
    const reply = await post('/v1/batch', body)
    expect(reply.statusCode).toBe(status)
    expect(reply.json()).toMatchObject({ error: { at } })
  })

  test('when too much waits, clients are told to come back', async () => {
    capturing.failNext(new ServerError('overloaded', 'too much is waiting'))
    const reply = await post('/v1/batch', { batch: [track()] })
    expect(reply.statusCode).toBe(503)
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
  })
})

describe('one bad message', () => {
  test.each<[name: string, poison: string, code: string, at: string]>([
    [
      'a number beyond exactness',
      '{"type":"track","event":"e","userId":"a","properties":{"n":9007199254740993}}',
      'json_number_unsafe',
      '/batch/1/properties/n',
    ],
    [
      'a number too large',
      '{"type":"track","event":"e","userId":"a","properties":{"n":1e400}}',
      'json_number_unsafe',
      '/batch/1/properties/n',
    ],
    ['half a surrogate pair', '{"type":"track","event":"\\ud800","userId":"a"}', 'text_malformed', '/batch/1/event'],
    ['NUL', '{"type":"track","event":"e","userId":"a\\u0000"}', 'text_nul', '/batch/1/userId'],
    [
      'a key of 10 kB',
      `{"type":"track","event":"e","userId":"a","properties":{"${'k'.repeat(10_000)}":1}}`,
      'json_key_too_long',
      '/batch/1/properties',
    ],
    ['a key twice', '{"type":"track","event":"e","event":"f","userId":"a"}', 'json_key_duplicate', '/batch/1'],
    [
      'a key that reaches prototypes',
      '{"type":"track","event":"e","userId":"a","properties":{"__proto__":{}}}',
      'json_key_forbidden',
      '/batch/1/properties',
    ],
    [
      'depth',
      `{"type":"track","event":"e","userId":"a","properties":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`,
      'json_too_deep',
      '',
    ],
    ['no object', '7', 'message_malformed', '/batch/1'],
    ['null', 'null', 'message_malformed', '/batch/1'],
    ['nobody', '{"type":"track","event":"e"}', 'id_missing', '/batch/1/userId'],
    [
      'no zone',
      '{"type":"track","event":"e","userId":"a","timestamp":"2026-03-01T10:00:00"}',
      'timestamp_malformed',
      '/batch/1/timestamp',
    ],
    [
      'a bad time of sending',
      '{"type":"track","event":"e","userId":"a","sentAt":"x"}',
      'timestamp_malformed',
      '/batch/1/sentAt',
    ],
    [
      'too much',
      `{"type":"track","event":"e","userId":"a","properties":{"t":"${'x'.repeat(40_000)}"}}`,
      'message_too_large',
      '/batch/1',
    ],
  ])('%s does not spoil the batch', async (_name, poison, code, at) => {
    const [one, two] = [track(), track()]
    const reply = await post('/v1/batch', `{"batch":[${JSON.stringify(one)},${poison},${JSON.stringify(two)}]}`)
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toEqual({
      success: true,
      messages: [
        { index: 1, status: 'refused', code, message: expect.any(String), at: at === '' ? expect.any(String) : at },
      ],
    })
    expect(capturing.intakes.map(({ messageId }) => messageId)).toEqual(
      [one, two].map(({ messageId }) => `${SOURCE}:${messageId}`),
    )
  })

  test('alone is answered with what is wrong', async () => {
    const reply = await post('/v1/track', { userId: 'ada', messageId: 'mine' })
    expect(reply.statusCode).toBe(422)
    expect(reply.json()).toMatchObject({
      error: {
        code: 'request_invalid',
        at: '/event',
        details: { code: 'field_missing', messages: [{ messageId: 'mine' }] },
      },
    })
    const poison = await post('/v1/track', '{"userId":"a","event":"e","properties":{"n":1e400}}')
    expect(poison.statusCode).toBe(422)
    expect(poison.json()).toMatchObject({ error: { at: '/properties/n', details: { code: 'json_number_unsafe' } } })
  })

  test('a bad field is told, and the rest of the message kept', async () => {
    const reply = await post('/v1/identify', { userId: 'ada', messageId: 'f', traits: { plan: 'pro', sizes: [1] } })
    expect(reply.json()).toEqual({
      success: true,
      messages: [
        {
          index: 0,
          messageId: 'f',
          status: 'stored',
          fields: [{ at: '/traits/sizes', code: 'value_unsupported', message: expect.any(String) }],
        },
      ],
    })
  })
})

describe('values are kept exactly', () => {
  test.each<[name: string, json: string, value: unknown]>([
    ['a text of digits', '"12"', '12'],
    ['empty text', '""', ''],
    ['the largest whole number', '9007199254740991', 9_007_199_254_740_991],
    ['a fraction', '0.1', 0.1],
    ['minus zero, which is zero', '-0', 0],
    ['10 kB of combining marks', JSON.stringify('a' + '\u0301'.repeat(5_000)), 'a' + '\u0301'.repeat(5_000)],
    ['emoji', '"👩‍👩‍👧 🎉"', '👩‍👩‍👧 🎉'],
    ['letters from right to left, overridden', '"\u202egpj.exe"', '\u202egpj.exe'],
    ['escaped letters', '"\\u00e9\\ud83c\\udf89"', 'é🎉'],
    ['composed and decomposed', JSON.stringify(['José', 'José']), ['José', 'José']],
    ['a formula', '"=HYPERLINK(1)"', '=HYPERLINK(1)'],
    ['markup', '"<script>alert(1)</script>"', '<script>alert(1)</script>'],
    ['null', 'null', null],
    ['a deep map', '{"a":{"b":[1,{"c":null}]}}', { a: { b: [1, { c: null }] } }],
  ])('%s', async (_name, json, value) => {
    const body = `{"userId":"ada","event":"e","messageId":"${newId()}","properties":{"value":${json}}}`
    expect((await post('/v1/track', body)).json()).toEqual({ success: true })
    expect(propertiesSeen()).toEqual([{ value }])
  })

  test('names of events too', async () => {
    for (const event of ['🎉', '\u202eegap', ' spaced ', "Robert'); drop table lead;--"]) {
      expect((await post('/v1/track', { userId: 'a', messageId: newId(), event })).json()).toEqual({ success: true })
      expect(activities().at(-1)).toMatchObject({ type: event })
    }
  })
})

describe('the same message again', () => {
  test('in one batch', async () => {
    const message = track()
    expect((await post('/v1/batch', { batch: [message, message] })).json()).toEqual({ success: true })
    expect(capturing.intakes).toHaveLength(1)
  })

  test('in 100 requests at once', async () => {
    const message = track()
    const replies = await Promise.all(Array.from({ length: 100 }, () => post('/v1/track', message)))
    expect(new Set(replies.map(({ body }) => body))).toEqual(new Set(['{"success":true}']))
    expect(capturing.intakes).toHaveLength(1)
  })

  test('with another body: the first counts, and the sender hears of it', async () => {
    const message = track({ properties: { a: 1 } })
    await post('/v1/track', message)
    const reply = await post('/v1/track', { ...message, properties: { a: 2 } })
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject({ messages: [{ status: 'conflicting', messageId: message.messageId }] })
    expect(propertiesSeen()).toEqual([{ a: 1 }])
  })

  test('without an id, 400 days later', async () => {
    const { messageId: _, ...message } = track({ timestamp: '2026-01-01T00:00:00Z' })
    await post('/v1/track', { ...message, sentAt: '2026-03-01T12:00:00Z' })
    capturing.now = NOW + 400 * 86_400_000
    await post('/v1/track', { ...message, sentAt: '2027-04-05T12:00:00Z' })
    expect(capturing.intakes).toHaveLength(1)
  })
})

describe('clocks', () => {
  const atOf = async (url: string, body: object) => {
    await post(url, body)
    const [saying] = activities()
    return [new Date(saying!.at).toISOString(), ...(saying!.flags ?? [])]
  }

  test('a batch says once when it was sent', async () => {
    const batch = [track({ timestamp: '2026-03-01T13:59:00Z' })]
    expect(await atOf('/v1/batch', { batch, sentAt: '2026-03-01T14:00:00Z' })).toEqual([
      '2026-03-01T11:59:00.000Z',
      'skew',
    ])
  })

  test('a message says when it was sent', async () => {
    const message = track({ timestamp: '2026-03-01T13:59:00Z', sentAt: '2026-03-01T14:00:00Z' })
    expect(await atOf('/v1/track', message)).toEqual(['2026-03-01T11:59:00.000Z', 'skew'])
  })

  test('the past is taken as it is told', async () => {
    const batch = [track({ timestamp: '2024-03-01T13:59:00Z', sentAt: '2024-03-01T14:00:00Z' })]
    expect(await atOf('/v1/import', { batch, sentAt: '2024-03-01T14:00:00Z' })).toEqual(['2024-03-01T13:59:00.000Z'])
  })
})
