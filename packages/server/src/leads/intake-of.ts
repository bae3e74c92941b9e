/** What our own API is told, as the heart takes it in. */
import { hash } from 'node:crypto'
import type { FactValue, Instant } from '@winnow/engine'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import type { AccountName, Intake, LeadName, Saying, Taken } from '../live/intake.ts'

type WithoutId<T> = T extends unknown ? Omit<T, 'id' | 'at' | 'flags'> : never
export type Said = WithoutId<Saying>

/** A request that wants to change something. */
export interface Wish {
  readonly actor: Actor | undefined
  readonly now: Instant
  readonly header: string | readonly string[] | undefined
  /** What is to be done, and to whom: a repeat of the same id with another wish is a conflict. */
  readonly wish: unknown
  readonly id?: string | undefined
  readonly at?: Instant | undefined
}

/** Whether the request was given an id, and one with this id has been taken already. */
export async function isRepeat(db: Db, wish: Wish): Promise<boolean> {
  if ((wish.id ?? wish.header) === undefined) return false
  const messageId = messageIdOf(wish)
  const row = await db.selectFrom('message').select('message_id').where('message_id', '=', messageId).executeTakeFirst()
  return row !== undefined
}

const ID = /^[\x20-\x7e]{1,100}$/

/**
 * The id that the caller gave, in the header or the body, made unlike those of other callers; a new one where none was given.
 * @throws ServerError `request_invalid`
 */
export function messageIdOf({ actor, header, id }: Pick<Wish, 'actor' | 'header' | 'id'>): string {
  if (Array.isArray(header) || (typeof header === 'string' && !ID.test(header)))
    throw invalid('headers.idempotency-key', 'an idempotency key is 1 to 100 printable ASCII characters')
  if (header !== undefined && id !== undefined && header !== id)
    throw invalid('/id', 'the header `idempotency-key` says another id')
  return `api:${actor?.id ?? ''}:${id ?? (header as string | undefined) ?? crypto.randomUUID()}`
}

/** A caller's clock may be this much ahead of ours. */
const AHEAD_MAX_MS = 5 * 60_000
/** As for every other way in: nobody recorded anything before. */
const EARLIEST: Instant = Date.UTC(2000, 0, 1)

/**
 * @throws ServerError `request_invalid` for an instant that cannot be meant
 */
export function whenOf(
  at: Instant | undefined,
  now: Instant,
  place: string,
): { readonly at: Instant; readonly flags?: readonly ['future'] } {
  if (at === undefined) return { at: now }
  if (at < EARLIEST) throw invalid(place, 'nothing is kept from before 2000')
  if (at > now + AHEAD_MAX_MS) throw invalid(place, 'this is in the future')
  return at > now ? { at: now, flags: ['future'] } : { at }
}

/** One message of several sayings of one instant. */
export function intakeOf(
  wish: Wish,
  about: { names: readonly LeadName[]; says: readonly Said[] } & Partial<Omit<Intake, 'names' | 'says'>>,
): Intake {
  const messageId = messageIdOf(wish)
  const when = whenOf(wish.at, wish.now, '/at')
  return {
    messageId,
    digest: digestOf(wish.wish),
    receivedAt: wish.now,
    body: wish.wish,
    ...about,
    says: about.says.map((saying, index): Saying => ({ ...saying, ...when, id: `${messageId}/${index}` })),
  }
}

export const digestOf = (wish: unknown): Buffer => hash('sha256', JSON.stringify(wish), 'buffer')

export const attributeSayings = (attributes: Readonly<Record<string, FactValue>>): Said[] =>
  Object.entries(attributes).map(([name, value]) => ({ kind: 'attribute', name, value }))

export const accountSayings = (account: AccountName, attributes: Readonly<Record<string, FactValue>>): Said[] =>
  Object.entries(attributes).map(([name, value]) => ({ kind: 'account_attribute', account, name, value }))

/** @throws ServerError where it was not taken */
export function requireTaken(taken: Taken): 'stored' | 'repeated' {
  switch (taken.status) {
    case 'stored':
    case 'repeated':
      return taken.status
    case 'conflicting':
      throw new ServerError('conflict', 'another request with this id said something else, and that one counts')
    case 'unknown_lead':
      throw new ServerError('not_found', 'there is no such lead', { at: 'params.lead' })
    case 'kept_out':
      throw new ServerError('conflict', 'somebody known by one of these names was erased, and is not to be known again')
    case 'too_old':
      throw invalid('/at', 'activities of this time are forgotten')
  }
}

export const invalid = (at: string, message: string) => new ServerError('request_invalid', `${at}: ${message}`, { at })
