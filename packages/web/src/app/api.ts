/** The server, as the table of endpoints describes it. Nothing else in the app makes requests. */
import { queryOptions } from '@tanstack/react-query'
import type { areas, Endpoint, Given, Problem, ReplyOf } from '@winnow/contract'
import { endpoints } from 'virtual:endpoints'

type Areas = typeof areas
export type AreaName = keyof Areas
export type NameIn<Area extends AreaName> = keyof Areas[Area] & string
type EndpointAt<Area extends AreaName, Name extends NameIn<Area>> = Areas[Area][Name] extends Endpoint
  ? Areas[Area][Name]
  : never

/** What an endpoint takes: `params`, `query` and `body`, those that it has. */
export type InputOf<Area extends AreaName, Name extends NameIn<Area>> = PartsOf<EndpointAt<Area, Name>>
type PartsOf<E extends Endpoint> = Part<E, 'params'> & Partial<Part<E, 'query'>> & Part<E, 'body'>
type Part<E extends Endpoint, Key extends 'params' | 'query' | 'body'> =
  Given<E[Key]> extends undefined ? unknown : { readonly [K in Key]: Given<E[Key]> }
export type Reply<Area extends AreaName, Name extends NameIn<Area>> = ReplyOf<EndpointAt<Area, Name>>

/** A refusal in the server's own words, or the lack of any answer (`unreachable`). */
export class ApiError extends Error implements Problem {
  readonly status: number
  readonly code: string
  readonly hint: string
  readonly at: string | undefined
  readonly details: unknown
  readonly request: string | undefined

  constructor(status: number, { code, message, hint, at, details, request }: Problem) {
    super(message)
    this.name = 'ApiError'
    Object.assign(this, { status, code, hint, at, details, request })
    this.status = status
    this.code = code
    this.hint = hint
    this.at = at
    this.details = details
    this.request = request
  }
}

const UNREACHABLE = {
  code: 'unreachable',
  message: 'Winnow does not answer',
  hint: 'Check the connection; your work stays here.',
}

interface Parts {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** The address of an endpoint, for links and downloads. */
export function addressOf<Area extends AreaName, Name extends NameIn<Area>>(
  area: Area,
  name: Name,
  ...[input]: unknown extends InputOf<Area, Name> ? [] : [Omit<InputOf<Area, Name>, 'body'>]
): string {
  return address(endpoints[area][name][1], input ?? {})
}

function address(path: string, { params = {}, query = {} }: Parts): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== '') search.append(name, String(each))
    }
  }
  return search.size === 0 ? filled : `${filled}?${search}`
}

export interface SendOptions {
  readonly signal?: AbortSignal
  /** Bodies that are no JSON: files. */
  readonly upload?: Blob
  readonly headers?: Readonly<Record<string, string>>
  /** Goes on when the page is left. */
  readonly keepalive?: boolean
}

type Input<Area extends AreaName, Name extends NameIn<Area>> =
  {} extends InputOf<Area, Name>
    ? [input?: InputOf<Area, Name>, options?: SendOptions]
    : [input: InputOf<Area, Name>, options?: SendOptions]

/** Calls an endpoint. @throws ApiError */
export async function send<Area extends AreaName, Name extends NameIn<Area>>(
  area: Area,
  name: Name,
  ...[input, { signal, upload, headers, keepalive } = {}]: Input<Area, Name>
): Promise<Reply<Area, Name>> {
  const [method, path] = endpoints[area][name]
  const parts = (input ?? {}) as Parts
  const hasBody = parts.body !== undefined
  const reply = await fetch(address(path, parts), {
    method,
    headers: { accept: 'application/json', ...(hasBody && { 'content-type': 'application/json' }), ...headers },
    ...(hasBody && { body: JSON.stringify(parts.body) }),
    ...(upload && { body: upload }),
    ...(signal && { signal }),
    ...(keepalive && { keepalive }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new ApiError(0, UNREACHABLE)
  })
  if (!reply.ok) throw new ApiError(reply.status, await problemOf(reply))
  if (reply.status === 204) return undefined as Reply<Area, Name>
  return (await reply.json()) as Reply<Area, Name>
}

async function problemOf(reply: Response): Promise<Problem> {
  const body: unknown = await reply.json().catch(() => undefined)
  if (typeof body === 'object' && body !== null && 'error' in body) return body.error as Problem
  return { code: 'unreachable', message: `the reply has the status ${reply.status}`, hint: UNREACHABLE.hint }
}

/** A query of an endpoint that reads, under the key `[area, name, input]`. */
export function ask<Area extends AreaName, Name extends NameIn<Area>>(
  area: Area,
  name: Name,
  ...[input]: {} extends InputOf<Area, Name> ? [input?: InputOf<Area, Name>] : [input: InputOf<Area, Name>]
) {
  return queryOptions<Reply<Area, Name>, ApiError>({
    queryKey: [area, name, input ?? {}],
    queryFn: ({ signal }) => send(area, name, ...([input ?? {}, { signal }] as unknown as Input<Area, Name>)),
  })
}
