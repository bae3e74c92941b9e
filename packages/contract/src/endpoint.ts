/** An endpoint as data: the server's routes, the documentation, the authorisation matrix and the client are made from it. */
import type { z } from 'zod'
import type { Right } from './rights.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call it.
 * - `public`: anybody
 * - `source`: whoever has a source's write key, by Basic authentication or in the body
 * - `signed_in`: any person with a session, whatever the role
 * - a right: people whose role has it, and API keys that were given it
 */
export type Access = 'public' | 'source' | 'signed_in' | Right

/** How often one caller may call it; the limits are settings. */
export type RateClass = 'read' | 'write' | 'capture' | 'sign_in'

export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  readonly method: Method
  /** With parameters as `:name`. */
  readonly path: `/${string}`
  /** One line, in the imperative. */
  readonly summary: string
  /** More, in Markdown. */
  readonly description?: string
  readonly access: Access
  readonly rate: RateClass
  /** What the audit log calls it; absent where nothing changes. */
  readonly audit?: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly reply: Reply
  /** Status of success, 200 where not given. */
  readonly status?: 200 | 201 | 202 | 204
  /** Bodies that are no JSON: uploads, and replies that flow. */
  readonly media?: { readonly request?: string; readonly reply?: string }
  /**
   * The body is many parts that stand or fall by themselves: the handler is told of the values that may not be where they
   * are (`faults`), and only a body that is no JSON at all is refused as a whole.
   */
  readonly isReadInParts?: boolean
  /** Largest body in bytes, after decompression; 1 MiB where not given. */
  readonly bodyMax?: number
  readonly example?: {
    readonly params?: unknown
    readonly query?: unknown
    readonly body?: unknown
    readonly reply?: unknown
  }
}

/** Keeps the types of an area's schemas. */
export const endpoints = <Area extends Readonly<Record<string, Endpoint>>>(area: Area): Area => area

type Input<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** What a caller writes for a schema, before it is read. */
export type Given<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined

export type ParamsOf<E extends Endpoint> = Input<E['params']>
export type QueryOf<E extends Endpoint> = Input<E['query']>
export type BodyOf<E extends Endpoint> = Input<E['body']>
export type ReplyOf<E extends Endpoint> = z.input<E['reply']>
