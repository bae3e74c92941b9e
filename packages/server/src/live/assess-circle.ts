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

/** Where a lead stood under the versions before, as the ledger tells. */
export interface Standing {
  readonly stage?: { readonly id: string; readonly since: Instant }
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
  const carried = keepStages(live, told.circle, { before, asOf }).filter(
    ({ id }) => !facts.some((fact) => fact.id === id),
  )
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
): { circle: Circle; transitions: Transition[] } {
  const { plan, publishedAt } = live
  const circle = openCircle({ withLog: plan.looksAtAccount })
  const happened: Transition[] = []
  const log = facts.toSorted(compareFacts)
  let place = 0
  for (; place < log.length && log[place]!.at <= publishedAt; place++) applyFact(plan, circle, log[place]!, happened)
  const changed = published(live, circle, before)
  for (; place < log.length; place++) applyFact(plan, circle, log[place]!, happened)
  happened.push(...lookAhead(plan, circle, asOf))
  return { circle, transitions: [...changed, ...afterPublication(live, happened, before)] }
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
  const { index, stages } = plan.layout.stages
  /** Place on the path; side stages have none: decisions lead there, and those are in the log. */
  const place = (id: string) => {
    const found = index.get(id)
    return found === undefined || stages[found]!.isSide ? undefined : found
  }
  return [...before].flatMap(([lead, { stage }]): DecisionFact[] => {
    const id = leadId(lead)
    const reached = stage && place(stage.id)
    const now = reached === undefined ? undefined : place(assess(plan, circle, id, asOf).stage.id)
    if (stage === undefined || reached === undefined || now === undefined || now >= reached) return []
    return [
      {
        id: `carry/${version}/${lead}`,
        kind: 'decision',
        at: stage.since,
        lead: id,
        decision: 'override',
        by: 'winnow',
        reason: `kept when version ${version} was published`,
        override: { stage: stage.id },
      },
    ]
  })
}

/** What the publication itself changed for leads that an older version had assessed. @param circle  with no fact after it */
function published(
  { plan, publishedAt }: LivePlan,
  circle: Circle,
  before: ReadonlyMap<string, Standing>,
): Transition[] {
  const transitions: Transition[] = []
  for (const [lead, standing] of before) {
    const id = leadId(lead)
    const { levels, stage } = assess(plan, circle, id, publishedAt)
    const add = (kind: 'category' | 'stage', name: string, from: string | null, to: string) => {
      if (from !== to) transitions.push({ lead: id, at: publishedAt, kind, name, from, to, cause: 'facts' })
    }
    for (const [name, level] of Object.entries(levels)) add('category', name, standing.levels[name] ?? null, level)
    add('stage', 'stage', standing.stage?.id ?? null, stage.id)
  }
  return transitions
}

function afterPublication(
  { publishedAt }: LivePlan,
  transitions: readonly Transition[],
  before: ReadonlyMap<string, Standing>,
): Transition[] {
  return transitions.filter(({ lead, at }) => !before.has(lead) || at > publishedAt)
}
