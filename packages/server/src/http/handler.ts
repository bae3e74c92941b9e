/** What a handler gets, and the table of all of them. */
import type { BodyOf, Endpoint, ParamsOf, QueryOf, ReplyOf } from '@winnow/contract'
import type { Readable } from 'node:stream'
import type { Instant } from '@winnow/engine'
import type { JsonFault } from '@winnow/io'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from './actor.ts'

export interface Call<E extends Endpoint> {
  readonly params: ParamsOf<E>
  readonly query: QueryOf<E>
  readonly body: BodyOf<E>
  /** For endpoints that are read in parts: values of the body that may not be where they are. */
  readonly faults: readonly JsonFault[]
  /** Present wherever the endpoint's access is not `public`. */
  readonly actor: Actor | undefined
  readonly now: Instant
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** The body as it flows in, for endpoints with `media.request`. */
  readonly upload: Readable
  /** More for the audit log: which lead, which version. Never what a person typed about a lead. */
  readonly note: (details: Readonly<Record<string, string | number>>) => void
}

export type Handler<E extends Endpoint> = (call: Call<E>) => Promise<ReplyOf<E>> | ReplyOf<E>

/** One handler for each endpoint of an area; a missing one does not compile. */
export type HandlersOf<Area extends Readonly<Record<string, Endpoint>>> = {
  readonly [Name in keyof Area]: Handler<Area[Name]>
}

// oxlint-disable-next-line typescript/no-explicit-any -- each handler fits its own endpoint; the table holds all kinds
export type AnyHandler = (call: any) => unknown
