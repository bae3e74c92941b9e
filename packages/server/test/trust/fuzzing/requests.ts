/** Requests over every route of the table, most of them wrong in some way. */
import type { Endpoint } from '@winnow/contract'
import { gzipSync } from 'node:zlib'
import type { Headers } from '../../server.ts'
import { NASTY_BODIES, NASTY_ENCODINGS, NASTY_HEADERS, NASTY_QUERIES, NASTY_STEPS, NASTY_TYPES } from './nasty.ts'
import type { Random } from './random.ts'
import { spoilt, valueOf } from './values.ts'

export interface FuzzRequest {
  readonly route: string
  readonly caller: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
}

export interface FuzzContext {
  readonly routes: readonly (readonly [name: string, endpoint: Endpoint])[]
  readonly callers: ReadonlyMap<string, Headers>
  /** Ids of things that exist, by the name of the parameter; `known` for all of them. */
  readonly ids: Readonly<Record<string, readonly string[]>>
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const

export function fuzzRequest({ routes, callers, ids }: FuzzContext, random: Random): FuzzRequest {
  const [route, endpoint] = random.pick(routes)
  const known = ids['known'] ?? []
  const fitting = [...callers.keys()].filter((name) => (endpoint.access === 'source') === (name === 'source'))
  const caller = random.chance(0.75) ? random.pick(fitting) : random.pick([...callers.keys()])
  const headers: Record<string, string> = { ...callers.get(caller) }
  const wrongs = random.chance(0.15) ? 0 : 1 + random.below(2)
  let { method }: { method: string } = endpoint
  let path: string = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const own = ids[name] ?? []
    return own.length > 0 && random.chance(0.8) ? random.pick(own) : crypto.randomUUID()
  })
  let query = endpoint.query ? queryOf(valueOf(endpoint.query, random, known)) : ''
  let value = bodyValue(endpoint, random, known)
  let raw: Buffer | undefined
  for (let wrong = 0; wrong < wrongs; wrong++) {
    switch (random.below(9)) {
      case 0:
        path = spoiltPath(path, random)
        break
      case 1:
        query = [query, random.pick(NASTY_QUERIES)].filter((part) => part !== '').join('&')
        break
      case 2: {
        const [name, text] = random.pick(NASTY_HEADERS)
        headers[name] = text
        break
      }
      case 3:
        headers['content-type'] = random.pick(NASTY_TYPES)
        break
      case 4:
        headers['content-encoding'] = random.pick(NASTY_ENCODINGS)
        break
      case 5:
        raw = rawBody(value, random, headers)
        break
      case 6:
        if (random.chance(0.2)) method = random.pick(METHODS)
        break
      default:
        value = spoilt(value, random)
    }
  }
  const body = raw ?? (value === undefined ? undefined : Buffer.from(jsonOf(value)))
  if (body !== undefined && headers['content-type'] === undefined) headers['content-type'] = 'application/json'
  return { route, caller, method, url: query === '' ? path : `${path}?${query}`, headers, body }
}

function bodyValue({ body, example, media }: Endpoint, random: Random, known: readonly string[]): unknown {
  if (media?.request !== undefined) return random.pick(['id,email\n1,a@x.example\n', '{"kind":"x"}\n', '\u0000'])
  if (body === undefined) return random.chance(0.1) ? {} : undefined
  if (example?.body !== undefined && random.chance(0.3)) return structuredClone(example.body)
  return valueOf(body, random, known)
}

const jsonOf = (value: unknown) => JSON.stringify(value) ?? 'null'

const queryOf = (value: unknown): string =>
  Object.entries(value as Record<string, unknown>)
    .map(([name, each]) => `${name}=${encodeURIComponent(String(each))}`)
    .join('&')

function spoiltPath(path: string, random: Random): string {
  const steps = path.split('/')
  switch (random.below(5)) {
    case 0:
      return `${path}/${random.pick(NASTY_STEPS)}`
    case 1:
      return `/${path}`
    case 2:
      return random.chance(0.3) ? `${path}/${'x/'.repeat(3_000)}` : path.toUpperCase()
    default:
      steps[1 + random.below(Math.max(1, steps.length - 1))] = random.pick(NASTY_STEPS)
      return steps.join('/') || '/'
  }
}

/** Bytes that are not what the value would be. */
function rawBody(value: unknown, random: Random, headers: Record<string, string>): Buffer {
  const good = Buffer.from(jsonOf(value ?? {}))
  switch (random.below(8)) {
    case 0:
      return good.subarray(0, random.below(good.length + 1))
    case 1: {
      const copy = Buffer.from(good)
      if (copy.length > 0) copy[random.below(copy.length)] = random.below(256)
      return copy
    }
    case 2:
      headers['content-encoding'] = 'gzip'
      return gzipSync(good)
    case 3: {
      headers['content-encoding'] = 'gzip'
      const packed = gzipSync(good)
      return packed.subarray(0, random.below(packed.length))
    }
    case 4: {
      headers['content-encoding'] = 'gzip'
      return gzipSync(Buffer.alloc(3_000_000, 32))
    }
    case 5:
      return Buffer.concat([good, Buffer.from([0xff, 0xfe, 0xc0])])
    default:
      return Buffer.from(random.pick(NASTY_BODIES))
  }
}
