/**
 * One door for facts: what comes from outside as JSON is a `Fact` behind it, or refused with the place at fault.
 * docs/facts.md describes the format.
 */
import { accountId, DECISIONS, formatInstant, leadId, nearest, readInstant } from '@winnow/engine'
import type { DecisionFact, DecisionName, Fact, FactValue, Instant } from '@winnow/engine'

export type FactResult =
  | { readonly ok: true; readonly fact: Fact }
  | { readonly ok: false; readonly place: string; readonly reason: string }

class FactRefusal extends Error {
  readonly place: string
  constructor(place: string, reason: string) {
    super(reason)
    this.place = place
  }
}

const refuse = (place: string, reason: string): never => {
  throw new FactRefusal(place, reason)
}

/** `value` is JSON that was parsed strictly. */
export function readFact(value: unknown): FactResult {
  try {
    return { ok: true, fact: toFact(value) }
  } catch (error) {
    if (!(error instanceof FactRefusal)) throw error
    return { ok: false, place: error.place, reason: error.message }
  }
}

type Json = Readonly<Record<string, unknown>>

const COMMON = ['kind', 'id', 'at', 'receivedAt']
const KEYS = {
  link: new Set([...COMMON, 'lead', 'account']),
  attribute: new Set([...COMMON, 'lead', 'name', 'value']),
  account_attribute: new Set([...COMMON, 'account', 'name', 'value']),
  activity: new Set([...COMMON, 'lead', 'type', 'properties']),
  decision: new Set([...COMMON, 'lead', 'decision', 'by', 'reason', 'amount', 'override']),
} as const satisfies Record<Fact['kind'], ReadonlySet<string>>

function toFact(value: unknown): Fact {
  if (!isMap(value)) return refuse('', 'a fact is a JSON object')
  const kind = oneOf(value, 'kind', Object.keys(KEYS) as Fact['kind'][])
  checkKeys(value, KEYS[kind], '')
  const base = { id: idText(value, 'id'), at: instant(value, 'at'), ...received(value) }
  switch (kind) {
    case 'link': {
      const account = value['account'] === null ? null : accountId(idText(value, 'account'))
      return { kind, ...base, lead: leadId(idText(value, 'lead')), account }
    }
    case 'attribute':
      return {
        kind,
        ...base,
        lead: leadId(idText(value, 'lead')),
        name: idText(value, 'name'),
        value: factValue(value),
      }
    case 'account_attribute':
      return {
        kind,
        ...base,
        account: accountId(idText(value, 'account')),
        name: idText(value, 'name'),
        value: factValue(value),
      }
    case 'activity':
      return {
        kind,
        ...base,
        lead: leadId(idText(value, 'lead')),
        type: idText(value, 'type'),
        properties: properties(value),
      }
    case 'decision':
      return decision(value, base)
  }
}

function decision(value: Json, base: { id: string; at: Instant; receivedAt?: Instant }): DecisionFact {
  const name: DecisionName = oneOf(value, 'decision', DECISIONS)
  const override = value['override']
  if ((name === 'override') !== (override !== undefined)) {
    refuse('override', 'an override names what it forces, and nothing else does')
  }
  return {
    kind: 'decision',
    ...base,
    lead: leadId(idText(value, 'lead')),
    decision: name,
    ...(value['by'] === undefined ? {} : { by: textAt(value, 'by') }),
    ...(value['reason'] === undefined ? {} : { reason: textAt(value, 'reason') }),
    ...(value['amount'] === undefined ? {} : { amount: amount(value) }),
    ...(override === undefined ? {} : { override: overrideOf(override) }),
  }
}

function overrideOf(value: unknown): NonNullable<DecisionFact['override']> {
  if (!isMap(value)) return refuse('override', 'an override is a map')
  if ('stage' in value) {
    checkKeys(value, new Set(['stage']), 'override.')
    return { stage: idText(value, 'stage', 'override.') }
  }
  checkKeys(value, new Set(['category', 'level', 'until']), 'override.')
  const forced = { category: idText(value, 'category', 'override.'), level: idText(value, 'level', 'override.') }
  return value['until'] === undefined ? forced : { ...forced, until: instant(value, 'until', 'override.') }
}

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

function checkKeys(value: Json, known: ReadonlySet<string>, prefix: string): void {
  for (const key of Object.keys(value)) {
    if (known.has(key)) continue
    const near = nearest(key, known)
    refuse(`${prefix}${key}`, `\`${key}\` is not known here${near === undefined ? '' : `; did you mean \`${near}\`?`}`)
  }
}

function textAt(value: Json, key: string, prefix = ''): string {
  const text = value[key]
  if (typeof text === 'string') return text
  return refuse(`${prefix}${key}`, text === undefined ? `\`${key}\` is missing` : `\`${key}\` must be text`)
}

const ID_MAX = 200

function idText(value: Json, key: string, prefix = ''): string {
  const text = textAt(value, key, prefix)
  if (text === '' || text.length > ID_MAX) refuse(`${prefix}${key}`, `\`${key}\` must have 1 to ${ID_MAX} characters`)
  return text
}

function oneOf<T extends string>(value: Json, key: string, known: readonly T[]): T {
  const text = textAt(value, key)
  if ((known as readonly string[]).includes(text)) return text as T
  const near = nearest(text, known)
  return refuse(
    key,
    `\`${text}\` is not one of ${known.join(', ')}${near === undefined ? '' : `; did you mean \`${near}\`?`}`,
  )
}

function instant(value: Json, key: string, prefix = ''): Instant {
  const text = textAt(value, key, prefix)
  const read = readInstant(text)
  return read ?? refuse(`${prefix}${key}`, `\`${text.slice(0, 60)}\` is not an ISO 8601 instant with an offset`)
}

const received = (value: Json) =>
  value['receivedAt'] === undefined ? {} : { receivedAt: instant(value, 'receivedAt') }

function amount(value: Json): number {
  const found = value['amount']
  return typeof found === 'number' ? found : refuse('amount', '`amount` must be a number')
}

function properties(value: Json): Json {
  const found = value['properties']
  if (found === undefined) return {}
  return isMap(found) ? found : refuse('properties', '`properties` must be a map')
}

function factValue(value: Json): FactValue {
  const found = value['value']
  if (found === undefined) return refuse('value', '`value` is missing; write null for "no longer known"')
  if (Array.isArray(found)) {
    return found.every((each) => typeof each === 'string') ? found : refuse('value', 'a list may hold text only')
  }
  return isMap(found)
    ? refuse('value', 'a value is text, a number, true/false, null or a list of texts')
    : (found as FactValue)
}

/** A fact as one line of JSON, the inverse of the door. */
export function writeFact(fact: Fact): string {
  const { kind, id, at, receivedAt, ...rest } = fact
  const times = {
    at: formatInstant(at),
    ...(receivedAt === undefined ? {} : { receivedAt: formatInstant(receivedAt) }),
  }
  return JSON.stringify({ kind, id, ...times, ...rest, ...overrideTimes(fact) })
}

function overrideTimes(fact: Fact): { override?: unknown } {
  if (fact.kind !== 'decision' || !fact.override || !('until' in fact.override) || fact.override.until === undefined)
    return {}
  return { override: { ...fact.override, until: formatInstant(fact.override.until) } }
}
