/** Why a lead is what it is, or was: the engine's words about what was known. */
import { orNull, toInstantText, type leads, type ReplyOf } from '@winnow/contract'
import {
  cooling,
  explain,
  gaps,
  leadId,
  nextChange,
  replay,
  shutStages,
  type Assessment,
  type Circle,
  type Fact,
  type Instant,
  type Plan,
  type Transition,
} from '@winnow/engine'
import type pg from 'pg'
import { ServerError } from '../errors.ts'
import { forgottenOf, forgottenReply, leadsIn } from './forgotten.ts'
import { readKnown, type KnownCircle } from './past.ts'
import type { Plans } from '../live/plans.ts'

type Explained = ReplyOf<(typeof leads)['explainLead']>

export interface Asked {
  readonly at: Instant
  /** ∞: everything that is known. */
  readonly knownAt: Instant
  readonly version: number | undefined
}

/** @throws ServerError `no_definition`, `not_found` */
export async function explainLead(
  client: Pick<pg.ClientBase, 'query'>,
  plans: Plans,
  lead: string,
  { at, knownAt, version: asked }: Asked,
): Promise<Explained> {
  const version =
    asked ?? (Number.isFinite(knownAt) ? await versionLiveAt(client, knownAt) : await liveVersion(client, plans))
  const { plan } = await plans.ofVersion(client, version)
  const known = await readKnown(client, lead, { plan, version, knownAt })
  return explainKnown(client, plan, known, { at, knownAt, version })
}

/** What was known, in the words of any plan. @param version  0 for a definition that was never published */
export async function explainKnown(
  client: Pick<pg.ClientBase, 'query'>,
  plan: Plan,
  known: KnownCircle,
  { at, knownAt, version }: { at: Instant; knownAt: Instant; version: number },
): Promise<Explained> {
  const { circle } = replay(plan, known.facts, { until: at, withEvidence: true })
  return {
    lead: known.lead,
    at: toInstantText(at),
    knownAt: toInstantText(Number.isFinite(knownAt) ? knownAt : at),
    version,
    forgotten: forgottenReply(await forgottenOf(client, leadsIn(known.lead, known.facts), Math.min(at, knownAt))),
    ...inWords(plan, circle, { lead: known.lead, at, version, facts: known.facts }),
  }
}

/** The version that was live at an instant; the first for what came before all of them. */
async function versionLiveAt(client: Pick<pg.ClientBase, 'query'>, at: Instant): Promise<number> {
  const { rows } = await client.query<{ version: number | null }>(
    `select coalesce(
       (select max(version) from definition_version where published_at <= to_timestamp($1 / 1000.0)),
       (select min(version) from definition_version)) as version`,
    [at],
  )
  const version = rows[0]!.version
  if (version === null) throw new ServerError('no_definition', 'no definition has been published')
  return version
}

async function liveVersion(client: Pick<pg.ClientBase, 'query'>, plans: Plans): Promise<number> {
  const live = await plans.live(client)
  if (live === undefined) throw new ServerError('no_definition', 'no definition has been published')
  return live.version
}

function inWords(
  plan: Plan,
  circle: Circle,
  { lead, at, version, facts }: { lead: string; at: Instant; version: number; facts: readonly Fact[] },
): Omit<Explained, 'lead' | 'at' | 'knownAt' | 'version' | 'forgotten'> {
  const id = leadId(lead)
  const { assessment, contributions, questions, playbooks } = explain(plan, circle, id, at)
  const drop = cooling(plan, circle, id, at)
  const evidence = new Set(contributions.flatMap((each) => each.evidence))
  return {
    assessment: assessmentReply(assessment, version),
    contributions: contributions.map((each) => ({ ...each, evidence: [...each.evidence] })),
    facts: Object.fromEntries(
      facts.filter((fact) => evidence.has(fact.id)).map((fact) => [fact.id, evidenceReply(fact)]),
    ),
    questions: [...questions],
    playbooks: [...playbooks],
    gaps: gaps(plan, circle, id, at).map((gap) => ({
      target: gap.target,
      reached: gap.reached,
      at: toInstantText(gap.at),
      sentence: gap.sentence,
      phrase: gap.phrase,
      steps: gap.steps.map((step) => ({ ...step })),
    })),
    cooling:
      drop === undefined
        ? null
        : {
            ...drop,
            at: toInstantText(drop.at),
            keptBy: drop.keptBy.map((each) => ({ ...each, until: orNull(each.until) })),
          },
    shut: shutStages(plan, circle, id, at).map(({ stage, until }) => ({
      stage,
      until: Number.isFinite(until) ? toInstantText(until) : null,
    })),
    nextChange: nextChangeReply(plan, circle, lead, at),
  }
}

export function nextChangeReply(plan: Plan, circle: Circle, lead: string, at: Instant): Explained['nextChange'] {
  const next = nextChange(plan, circle, leadId(lead), at)
  return next === undefined ? null : { at: toInstantText(next.at), changes: next.transitions.map(changeReply) }
}

export const changeReply = ({ at, kind, name, from, to, cause }: Omit<Transition, 'lead'>) => ({
  at: toInstantText(at),
  kind,
  name,
  from,
  to,
  cause,
})

export function assessmentReply({ asOf, personas, scores, levels, stage, value }: Assessment, version: number) {
  const { id, since, sla } = stage
  return {
    asOf: toInstantText(asOf),
    version,
    personas: [...personas],
    scores,
    levels,
    stage: {
      id,
      since: toInstantText(since),
      ...(sla && { sla: { dueAt: toInstantText(sla.dueAt), breached: sla.breached } }),
    },
    ...(value && {
      value: {
        probability: value.probability,
        amount: value.amount,
        expected: value.expected,
        ...(value.interval && { interval: [...value.interval] }),
        ...(value.currency !== undefined && { currency: value.currency }),
      },
    }),
  }
}

/** What a fact says, without ids that mean nothing outside. */
function evidenceReply(fact: Fact): Record<string, unknown> {
  const { kind, at, receivedAt = at } = fact
  const base = { kind, at: toInstantText(at), receivedAt: toInstantText(receivedAt) }
  switch (fact.kind) {
    case 'activity':
      return { ...base, type: fact.type, properties: fact.properties, lead: fact.lead }
    case 'attribute':
      return { ...base, name: fact.name, value: fact.value, lead: fact.lead }
    case 'account_attribute':
      return { ...base, name: fact.name, value: fact.value, account: fact.account }
    case 'link':
      return { ...base, account: fact.account, lead: fact.lead }
    case 'decision':
      return { ...base, decision: fact.decision, lead: fact.lead }
  }
}
