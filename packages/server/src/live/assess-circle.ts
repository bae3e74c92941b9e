/** What becomes of a circle with new facts, or with time alone: pure, so that everything about it can be replayed. */
import {
  applyFact,
  assess,
  compareFacts,
  leadId,
  lookAhead,
  nextChange,
  nextChanges,
  openCircle,
  readCircle,
  writeCircle,
  type Assessment,
  type Circle,
  type DecisionFact,
  type Fact,
  type Instant,
  type Plan,
  type Transition,
} from '@winnow/engine'
import type { LivePlan } from './plans.ts'

export interface LeadOutcome {
  readonly assessment: Assessment
  /** When a level or the stage changes by itself; in a large circle perhaps an earlier instant, until which nothing happens. */
  readonly nextChangeAt: Instant | undefined
}

export interface CircleOutcome {
  readonly state: Uint8Array
  /** When somebody should look again though no fact came. */
  readonly dueAt: Instant | undefined
  /** Ledger lines from here on are replaced by `transitions`. */
  readonly from: Instant
  readonly transitions: readonly Transition[]
  readonly leads: ReadonlyMap<string, LeadOutcome>
  /** Decisions that keep stages where they were, to be added to the log; see `keepStages`. */
  readonly carried: readonly DecisionFact[]
}

interface StageStanding {
  readonly id: string
  readonly since: Instant
  /** Where the lead came from; null for the stage that it began in. */
  readonly from: string | null
}

/** Where a lead stood under the versions before, as the ledger tells. */
export interface Standing {
  readonly stage?: StageStanding
  readonly levels: Readonly<Record<string, string>>
}

/**
 * Goes on from stored state.
 * @param leads  all leads of the circle, also those without facts
 * @returns `rebuild` where the state cannot take the facts: read the whole log and call `rebuildCircle`
 */
export function resumeCircle(
  { plan, publishedAt }: LivePlan,
  state: Uint8Array,
  { facts, leads, now }: { facts: readonly Fact[]; leads: readonly string[]; now: Instant },
): CircleOutcome | 'rebuild' {
  const circle = readCircle(plan, state)
  const from = Math.max(circle.clock, publishedAt + 1)
  const transitions: Transition[] = []
  // What is known of an account that a lead joins is not in the circle; what an older version judged is compared again.
  if (facts.some(({ kind, at }) => kind === 'link' || at <= publishedAt)) return 'rebuild'
  for (const fact of [...facts].sort(compareFacts)) {
    if (applyFact(plan, circle, fact, transitions) === 'rebuild') return 'rebuild'
  }
  const asOf = Math.max(now, circle.clock)
  transitions.push(...lookAhead(plan, circle, asOf))
  const since = transitions.filter(({ at }) => at >= from)
  return { ...outcomeOf(plan, circle, { leads, asOf }), from, transitions: since, carried: [] }
}

/**
 * Makes a circle anew from its whole log.
 * @param before  where its leads stood under an older version; such leads keep their ledger up to the publication
 */
export function rebuildCircle(
  live: LivePlan,
  {
    facts,
    leads,
    now,
    before,
  }: { facts: readonly Fact[]; leads: readonly string[]; now: Instant; before: ReadonlyMap<string, Standing> },
): CircleOutcome {
  const asOf = facts.reduce((latest, fact) => Math.max(latest, fact.at), now)
  let told = tell(live, facts, { before, asOf })
  const kept = live.isRenewed
    ? keepStanding(live, told.stages, before)
    : keepStages(live, told.circle, { before, asOf })
  const carried = kept.filter(({ id }) => !facts.some((fact) => fact.id === id))
  if (carried.length > 0) told = tell(live, [...facts, ...carried], { before, asOf })
  const { circle, transitions } = told
  // What this version has written about leads that an older one had judged begins with the publication.
  const from = leads.every((lead) => before.has(lead)) ? live.publishedAt : -Infinity
  return { ...outcomeOf(live.plan, circle, { leads, asOf }), from, transitions, carried }
}

/** A whole history once, stopping on the way at the publication to see what that changed. */
function tell(
  live: LivePlan,
  facts: readonly Fact[],
  { before, asOf }: { before: ReadonlyMap<string, Standing>; asOf: Instant },
): { circle: Circle; transitions: Transition[]; stages: Stages } {
  const { plan, publishedAt } = live
  const circle = openCircle({ withLog: plan.looksAtAccount })
  const happened: Transition[] = []
  const log = facts.toSorted(compareFacts)
  let place = 0
  for (; place < log.length && log[place]!.at <= publishedAt; place++) applyFact(plan, circle, log[place]!, happened)
  const { changed, stages } = published(live, circle, before)
  for (; place < log.length; place++) applyFact(plan, circle, log[place]!, happened)
  happened.push(...lookAhead(plan, circle, asOf))
  return { circle, transitions: [...changed, ...afterPublication(live, happened, before)], stages }
}

function outcomeOf(
  plan: Plan,
  circle: Circle,
  { leads, asOf }: { leads: readonly string[]; asOf: Instant },
): Pick<CircleOutcome, 'state' | 'dueAt' | 'leads'> {
  const outcomes = new Map<string, LeadOutcome>()
  let dueAt: Instant | undefined
  const changes = nextChanges(plan, circle, asOf)
  for (const lead of leads) {
    const id = leadId(lead)
    const assessment = assess(plan, circle, id, asOf)
    const next = circle.leads.has(id) ? changes.get(id) : nextChange(plan, circle, id, asOf)
    const nextChangeAt = next?.at
    if (nextChangeAt !== undefined && (dueAt === undefined || nextChangeAt < dueAt)) dueAt = nextChangeAt
    outcomes.set(lead, { assessment, nextChangeAt })
  }
  return { state: writeCircle(plan, circle), dueAt, leads: outcomes }
}

// --- A new version ---------------------------------------------------------------------------------------------------

/**
 * Publishing a version never moves a lead backwards by itself: where the new version's reading of history has a lead at an
 * earlier stage than it has reached, a decision is added to its log that sets the stage at the instant it was entered.
 */
function keepStages(
  { plan, version }: LivePlan,
  circle: Circle,
  { before, asOf }: { before: ReadonlyMap<string, Standing>; asOf: Instant },
): DecisionFact[] {
  return [...before].flatMap(([lead, { stage }]): DecisionFact[] => {
    const reached = stage && placeOf(plan, stage.id)
    if (stage === undefined || reached === undefined) return []
    const now = placeOf(plan, assess(plan, circle, leadId(lead), asOf).stage.id)
    if (now === undefined || now >= reached) return []
    return [carry(version, lead, { ...stage, reason: `kept when version ${version} was published` })]
  })
}

/**
 * Forgetting activities neither moves a lead backwards nor lets it enter its stage later than it did. A side stage is kept by
 * what led there: the lead is put back to where it came from, just before the decision that moved it.
 */
function keepStanding(
  { plan, version }: LivePlan,
  readings: Stages,
  before: ReadonlyMap<string, Standing>,
): DecisionFact[] {
  const reason = 'kept when activities were forgotten'
  return [...before].flatMap(([lead, { stage }]): DecisionFact[] => {
    if (stage === undefined) return []
    const now = readings.get(lead)!
    if (now.id === stage.id && now.since <= stage.since) return []
    const reached = placeOf(plan, stage.id)
    if (reached === undefined) {
      const { id, since, from } = stage
      return [carry(version, lead, from === null ? { id, since, reason } : { id: from, since: since - 1, reason })]
    }
    const place = placeOf(plan, now.id)
    return place === undefined || place > reached ? [] : [carry(version, lead, { ...stage, reason })]
  })
}

/** Place on the path; side stages have none: decisions lead there, and those are in the log. */
function placeOf({ layout: { stages } }: Plan, id: string): number | undefined {
  const found = stages.index.get(id)
  return found === undefined || stages.stages[found]!.isSide ? undefined : found
}

const carry = (
  version: number,
  lead: string,
  { id, since, reason }: { id: string; since: Instant; reason: string },
): DecisionFact => ({
  id: `carry/${version}/${lead}`,
  kind: 'decision',
  at: since,
  lead: leadId(lead),
  decision: 'override',
  by: 'winnow',
  reason,
  override: { stage: id },
})

/** For each lead that an older version had assessed: its stage as the publication found it. */
type Stages = ReadonlyMap<string, Assessment['stage']>

/** What the publication itself changed for leads that an older version had assessed. @param circle  with no fact after it */
function published(
  { plan, publishedAt }: LivePlan,
  circle: Circle,
  before: ReadonlyMap<string, Standing>,
): { changed: Transition[]; stages: Stages } {
  const changed: Transition[] = []
  const stages = new Map<string, Assessment['stage']>()
  for (const [lead, standing] of before) {
    const id = leadId(lead)
    const { levels, stage } = assess(plan, circle, id, publishedAt)
    const add = (kind: 'category' | 'stage', name: string, from: string | null, to: string) => {
      if (from !== to) changed.push({ lead: id, at: publishedAt, kind, name, from, to, cause: 'facts' })
    }
    for (const [name, level] of Object.entries(levels)) add('category', name, standing.levels[name] ?? null, level)
    add('stage', 'stage', standing.stage?.id ?? null, stage.id)
    stages.set(lead, stage)
  }
  return { changed, stages }
}

function afterPublication(
  { publishedAt }: LivePlan,
  transitions: readonly Transition[],
  before: ReadonlyMap<string, Standing>,
): Transition[] {
  return transitions.filter(({ lead, at }) => !before.has(lead) || at > publishedAt)
}
