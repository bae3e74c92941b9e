/** Ids as clients send them, and who goes by them. */
import type { LeadName } from '../live/intake.ts'
import { normaliseEmail } from './email.ts'
import { MessageRefusal } from './refusal.ts'

export type Json = Readonly<Record<string, unknown>>

export const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const ID_MAX = 200

/** What programs send in place of an id that they do not have. One of these as a name would make strangers one lead. */
const PLACEHOLDERS = new Set([
  'null',
  'undefined',
  'nan',
  'none',
  'nil',
  'true',
  'false',
  '0',
  '-1',
  'n/a',
  'unknown',
  'anonymous',
  'guest',
  'id',
  'user',
  'userid',
  'user_id',
  'user-id',
  'anonymousid',
  'anonymous_id',
  'distinct_id',
  'distinctid',
  'email',
  'not_authenticated',
  'unauthenticated',
  'visitor',
  '[object object]',
  '00000000-0000-0000-0000-000000000000',
])

/**
 * An id of at most 200 characters, kept exactly; a whole number is its digits. Absent where it is null or empty.
 * @throws MessageRefusal
 */
export function readId(source: Json, key: string, pointer: string): string | undefined {
  const value = source[key]
  if (value === undefined || value === null || value === '') return undefined
  const id = typeof value === 'number' && Number.isInteger(value) ? String(value) : value
  const at = `${pointer}/${key}`
  if (typeof id !== 'string') throw new MessageRefusal('field_malformed', at, 'an id is text, or a whole number')
  if (id.length > ID_MAX) throw new MessageRefusal('text_too_long', at, `an id has at most ${ID_MAX} characters`)
  if (isPlaceholder(id)) throw new MessageRefusal('id_placeholder', at, 'this stands for an id that is not known')
  return id
}

const isPlaceholder = (id: string): boolean =>
  id.length < 40 && (id.trim() === '' || PLACEHOLDERS.has(id.trim().toLowerCase()))

/** Strongest first. A user id that is an e-mail address is that address too. */
export function leadNames(
  userId: string | undefined,
  email: string | undefined,
  anonymousId: string | undefined,
): LeadName[] {
  const names: LeadName[] = []
  if (userId !== undefined) names.push({ kind: 'user', value: userId })
  const address = email ?? (userId?.includes('@') ? normaliseEmail(userId) : undefined)
  if (address !== undefined) names.push({ kind: 'email', value: address })
  if (anonymousId !== undefined) names.push({ kind: 'anonymous', value: anonymousId })
  return names
}
