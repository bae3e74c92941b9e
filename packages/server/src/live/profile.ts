/** What is shown of a lead: its latest attributes, account, first touch and dates, whatever order facts arrive in. */
import type { Fact, FactValue, Instant } from '@winnow/engine'
import { normaliseEmail } from '../capture/email.ts'
import type { FirstTouch } from '../db/tables.ts'
import type { LeadRow, ProfileColumns } from './circles.ts'
import { INFERRED, type LoggedFact } from './log.ts'

/** Places of the account in `attribute_times`, as somebody said and as an e-mail address tells; no attributes are called so. */
const ACCOUNT = '@account'
const INFERRED_ACCOUNT = '@account_inferred'

export type Profile = Pick<
  LeadRow,
  'account_id' | 'attributes' | 'attribute_times' | 'created_at' | 'last_activity_at' | 'first_touch'
>

export const newProfile = (createdAt: Instant): Profile => ({
  account_id: null,
  attributes: {},
  attribute_times: {},
  created_at: createdAt,
  last_activity_at: null,
  first_touch: null,
})

/** The profile with more facts in it; the later of two values counts, and of one instant the one with the higher id. */
export function withFacts(profile: Profile, facts: readonly LoggedFact[], touch: FirstTouch | undefined): Profile {
  const attributes = { ...profile.attributes }
  const times = { ...profile.attribute_times }
  let { account_id, created_at, last_activity_at } = profile
  const isLatest = (key: string, { at, id }: Fact) => {
    const known = times[key]
    if (known !== undefined && (known[0] > at || (known[0] === at && known[1] > id))) return false
    times[key] = [at, id]
    return true
  }
  for (const { fact, flags } of facts) {
    created_at = Math.min(created_at, fact.at)
    if (fact.kind === 'activity') last_activity_at = Math.max(last_activity_at ?? -Infinity, fact.at)
    if (fact.kind === 'attribute' && isLatest(fact.name, fact)) set(attributes, fact.name, fact.value)
    if (fact.kind !== 'link') continue
    const place = flags?.includes(INFERRED) ? INFERRED_ACCOUNT : ACCOUNT
    if (isLatest(place, fact) && (place === ACCOUNT || times[ACCOUNT] === undefined)) account_id = fact.account
  }
  const first_touch = earlier(profile.first_touch, touch)
  return { account_id, attributes, attribute_times: times, created_at, last_activity_at, first_touch }
}

/** Two profiles of leads that turned out to be one. */
export function mergedProfile(one: Profile, other: Profile): Profile {
  const attributes = { ...one.attributes }
  const times = { ...one.attribute_times }
  let { account_id } = one
  const isSaid = ACCOUNT in one.attribute_times || ACCOUNT in other.attribute_times
  for (const [key, time] of Object.entries(other.attribute_times)) {
    const known = times[key]
    if (known !== undefined && (known[0] > time[0] || (known[0] === time[0] && known[1] > time[1]))) continue
    times[key] = time
    if (key === ACCOUNT) account_id = other.account_id
    else if (key === INFERRED_ACCOUNT) account_id = isSaid ? account_id : other.account_id
    else set(attributes, key, other.attributes[key] ?? null)
  }
  const last = Math.max(one.last_activity_at ?? -Infinity, other.last_activity_at ?? -Infinity)
  return {
    account_id,
    attributes,
    attribute_times: times,
    created_at: Math.min(one.created_at, other.created_at),
    last_activity_at: last === -Infinity ? null : last,
    first_touch: earlier(one.first_touch, other.first_touch ?? undefined),
  }
}

function set(attributes: Record<string, FactValue>, name: string, value: FactValue): void {
  if (value === null) delete attributes[name]
  else attributes[name] = value
}

export function earlier(one: FirstTouch | null, other: FirstTouch | undefined): FirstTouch | null {
  if (other === undefined) return one
  if (one === null || other.at < one.at) return other
  // Of one instant: the same whichever came first.
  return other.at === one.at && textOf(other) < textOf(one) ? other : one
}

/** In one order of keys: the database gives them back in another one than they were written in. */
const textOf = ({ source, medium, campaign, referrer, page }: FirstTouch) =>
  JSON.stringify([source, medium, campaign, referrer, page])

/** The e-mail address that somebody has said, as names are written; undefined where it is none. */
export function saidEmail({ attributes }: Pick<Profile, 'attributes'>): string | undefined {
  const { email } = attributes
  return typeof email === 'string' ? normaliseEmail(email) : undefined
}

/**
 * The columns of a profile, with the two attributes that every list shows.
 * @param nameEmail  the address by which the lead is known, where nobody has said one
 */
export function profileColumns(profile: Profile, circleId: string, nameEmail: string | undefined): ProfileColumns {
  const { attributes } = profile
  const text = (name: string) => (typeof attributes[name] === 'string' ? attributes[name] : undefined)
  const parts = [text('first_name') ?? text('firstName'), text('last_name') ?? text('lastName')]
  const name = text('name') ?? (parts.filter((part) => part !== undefined).join(' ') || null)
  return { ...profile, circle_id: circleId, email: saidEmail(profile) ?? nameEmail ?? null, name }
}
