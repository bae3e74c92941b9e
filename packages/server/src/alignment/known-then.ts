/** A lead as it was before sales decided: what people are shown, and what the definition said. */
import { toInstantText } from '@winnow/contract'
import {
  compareFacts,
  explain,
  leadId,
  openCircle,
  replay,
  sensitivityOf,
  type ActivityFact,
  type Fact,
  type FactValue,
  type Instant,
  type Phrase,
} from '@winnow/engine'
import type pg from 'pg'
import { readKnown } from '../leads/past.ts'
import { writable } from '../leads/replies.ts'
import type { LivePlan } from '../live/plans.ts'

type Querying = Pick<pg.ClientBase, 'query'>

export interface KnownThen {
  readonly lead: string
  readonly facts: readonly Fact[]
  readonly isAsReceived: boolean
}

/**
 * What had been received by then. Of a lead whose log was brought in afterwards nothing had: then what had happened by then.
 * The instant lies before the first decision of sales, so that none is among them.
 */
export async function readKnownThen(
  client: Querying,
  { plan, version }: LivePlan,
  leadId: string,
  asOf: Instant,
): Promise<KnownThen> {
  const received = await readKnown(client, leadId, { plan, version, knownAt: asOf })
  const then = upTo(received.facts, asOf)
  if (isHeardOf(then, received.lead)) return { lead: received.lead, facts: then, isAsReceived: true }
  const known = await readKnown(client, leadId, { plan, version, knownAt: Infinity })
  return { lead: known.lead, facts: upTo(known.facts, asOf), isAsReceived: false }
}

const upTo = (facts: readonly Fact[], asOf: Instant) => facts.filter(({ at }) => at <= asOf)
const isHeardOf = (facts: readonly Fact[], lead: string) =>
  facts.some((fact) => 'lead' in fact && fact.lead === lead && fact.kind !== 'decision')

// --- What the definition said ----------------------------------------------------------------------------------------

export interface SaidThen {
  readonly levels: Readonly<Record<string, string>>
  readonly said: {
    readonly scores: Readonly<Record<string, number>>
    readonly criteria: readonly {
      readonly path: string
      readonly score: string
      readonly group: string
      readonly criterion: string
      readonly points: number
      readonly because: string
      readonly phrase: Phrase
    }[]
  }
}

export function saidThen({ plan }: LivePlan, { lead, facts }: KnownThen, asOf: Instant): SaidThen {
  const circle = facts.length === 0 ? openCircle() : replay(plan, facts, { until: asOf, withEvidence: true }).circle
  const { assessment, contributions } = explain(plan, circle, leadId(lead), asOf)
  const criteria = contributions
    .filter(({ criterion, points }) => criterion !== undefined && points !== 0)
    .map(({ score, group, criterion, points, because, phrase }) => ({
      path: pathOf(plan.definition, { score, group, criterion: criterion! }),
      score,
      group,
      criterion: criterion!,
      points,
      because,
      phrase,
    }))
  return { levels: assessment.levels, said: { scores: assessment.scores, criteria } }
}

/** `scores.fit.groups.person.criteria[0]`, as threads about parts of a definition name them. */
export function pathOf(
  definition: LivePlan['plan']['definition'],
  { score, group, criterion }: { score: string; group: string; criterion: string },
): string {
  const index = definition.scores?.[score]?.groups?.[group]?.criteria.findIndex(({ id }) => id === criterion) ?? 0
  return `scores.${score}.groups.${group}.criteria[${index}]`
}

// --- What people are shown -------------------------------------------------------------------------------------------

const SHOWN_MAX = 60
/** What a company is called, or could be looked up by. */
const NAMES_OF_COMPANIES = new Set(['name', 'domain', 'website', 'company'])
const ADDRESS = /[^\s@]@[^\s@]/

export function cardOf({ plan }: LivePlan, { lead, facts, isAsReceived }: KnownThen, asOf: Instant, place: number) {
  const own = facts.filter((fact) => 'lead' in fact && fact.lead === lead).toSorted(compareFacts)
  const activities = own.filter((fact): fact is ActivityFact => fact.kind === 'activity')
  const account = own.findLast((fact) => fact.kind === 'link')?.account ?? undefined
  const attributes: Record<string, FactValue> = {}
  const company: Record<string, FactValue> = {}
  for (const fact of [...facts].sort(compareFacts)) {
    if (fact.kind === 'attribute' && fact.lead === lead) attributes[fact.name] = fact.value
    if (fact.kind === 'account_attribute' && fact.account === account) company[fact.name] = fact.value
  }
  const { attributes: declared = {} } = plan.definition
  const isTelling = (name: string) => sensitivityOf(name, declared[name] ?? { type: 'text' }) === 'personal'
  return {
    place,
    asOf: toInstantText(asOf),
    isAsReceived,
    attributes: writable(without(attributes, isTelling)),
    account: writable(without(company, (name) => NAMES_OF_COMPANIES.has(name))),
    activities: activities
      .slice(-SHOWN_MAX)
      .reverse()
      .map(({ at, type, properties }) => ({
        at: toInstantText(at),
        type,
        properties: without(properties, isTelling),
      })),
    activitiesTotal: activities.length,
    since: own[0] === undefined ? null : toInstantText(own[0].at),
  }
}

/** What is known and names nobody. */
function without<Value>(
  values: Readonly<Record<string, Value>>,
  isTelling: (name: string) => boolean,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => value !== null && !isTelling(name) && !(typeof value === 'string' && ADDRESS.test(value)),
    ),
  )
}
