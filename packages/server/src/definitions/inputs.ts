/** What there is to write a definition from: attributes and events as they are, and what the live version makes of them. */
import { toInstantText, type definitions, type ReplyOf } from '@winnow/contract'
import type { Definition, Instant } from '@winnow/engine'
import type { Db } from '../db/database.ts'
import { sampleLeads } from '../leads/sample.ts'
import {
  countAccountAttributes,
  countAccounts,
  countEvents,
  countLeadAttributes,
  type AttributeCounts,
  type EventCounts,
} from './inputs-store.ts'
import { usesIn, type Uses } from './uses.ts'

export type Inputs = ReplyOf<(typeof definitions)['getInputs']>

interface Live {
  readonly version: number
  readonly definition: Definition
}

const LOOKED_AT_MAX = 20_000
const EVENTS_MS = 30 * 86_400_000
const KEPT_MS = 60_000

/** The latest answer, kept for a minute; whoever asks while it is made waits for the same one. */
export function createInputs(db: Db): (live: Live | undefined, now: Instant) => Promise<Inputs> {
  let kept: { version: number | undefined; at: Instant; inputs: Promise<Inputs> } | undefined
  return (live, now) => {
    if (kept?.version === live?.version && kept !== undefined && now - kept.at < KEPT_MS && now >= kept.at)
      return kept.inputs
    const inputs = readInputs(db, live, now)
    kept = { version: live?.version, at: now, inputs }
    inputs.catch(() => (kept = undefined))
    return inputs
  }
}

export async function readInputs(
  db: Db,
  live: Live | undefined,
  now: Instant,
  lookedAtMax = LOOKED_AT_MAX,
): Promise<Inputs> {
  const { total, leads } = await sampleLeads(db, { size: lookedAtMax, seed: 'inputs' })
  const isAll = leads.length === total
  const ids = isAll ? undefined : leads
  const accounts = await countAccounts(db)
  const percent = Math.min(100, (100 * lookedAtMax) / Math.max(1, accounts))
  const [ofLeads, ofAccounts, events] = await Promise.all([
    countLeadAttributes(db, ids),
    countAccountAttributes(db, percent),
    countEvents(db, ids, now - EVENTS_MS),
  ])
  const uses = live && usesIn(live.definition)
  const definition = live?.definition
  const perLead = isAll ? 1 : total / Math.max(1, leads.length)
  return {
    asOf: toInstantText(now),
    version: live?.version ?? null,
    leads: total,
    accounts,
    isEstimate: !isAll || percent < 100,
    attributes: [
      ...attributes(ofLeads, { about: 'lead', definition, uses, factor: perLead }),
      ...attributes(ofAccounts, { about: 'account', definition, uses, factor: 100 / percent }),
    ],
    activities: activities(events, { definition, uses, factor: perLead }),
  }
}

interface Context {
  readonly definition: Definition | undefined
  readonly uses: Uses | undefined
  readonly factor: number
}

/** Those that somebody has, then those that the definition knows and nobody has. */
function attributes(
  counted: readonly AttributeCounts[],
  { about, definition, uses, factor }: Context & { about: 'lead' | 'account' },
): Inputs['attributes'] {
  const defined = Object.entries(definition?.attributes ?? {}).filter(([, each]) => (each.about ?? 'lead') === about)
  const byName = new Map(defined)
  const missing = defined.filter(([name]) => !counted.some((each) => each.name === name))
  const none = { known: 0, distinct: 0, types: {}, values: [], quantiles: null }
  const all = [...counted, ...missing.map(([name]) => ({ name, ...none }))]
  return all.map(({ name, known, distinct, types, values, quantiles }) => {
    const spec = byName.get(name)
    return {
      name,
      about,
      known: times(known, factor),
      distinct,
      types: Object.fromEntries(Object.entries(types).map(([type, count]) => [type, times(count, factor)])),
      // Where nearly everybody has another one, no value is frequent: names, addresses, ids.
      values: frequent(values, known).map(({ value, count }) => ({
        value: Array.isArray(value) ? [...(value as string[])] : (value as string),
        count: times(count, factor),
      })),
      quantiles: quantiles && [...quantiles],
      defined: spec
        ? { type: spec.type, label: spec.label ?? null, uses: [...(uses?.attributes.get(name) ?? [])] }
        : null,
    }
  })
}

const times = (count: number, factor: number) => Math.round(count * factor)

const FEW = 20
const frequent = (values: AttributeCounts['values'], known: number) =>
  known <= FEW ? values : values.filter(({ count }) => count > 1)

/** Events that came, then those that the definition waits for. */
function activities(counted: readonly EventCounts[], { definition, uses, factor }: Context): Inputs['activities'] {
  const named = Object.entries(definition?.activities ?? {}).map(([name, spec]) => ({
    name,
    from: [spec.from].flat(),
    label: spec.label ?? null,
    hasTests: spec.where !== undefined,
    uses: [...(uses?.activities.get(name) ?? [])],
  }))
  const seen = new Set(counted.map(({ type }) => type))
  const waited = new Set(named.flatMap(({ from }) => from).filter((type) => !seen.has(type)))
  const definedBy = (type: string) =>
    named.filter(({ from }) => from.includes(type)).map(({ from: _, ...rest }) => rest)
  return [
    ...counted.map(({ type, count, leads, lastAt }) => ({
      type,
      count: times(count, factor),
      leads: times(leads, factor),
      lastAt: toInstantText(lastAt),
      defined: definedBy(type),
    })),
    ...[...waited].map((type) => ({ type, count: 0, leads: 0, lastAt: null, defined: definedBy(type) })),
  ]
}
