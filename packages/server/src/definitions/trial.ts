/** A definition tried on circles beside the live one: who would be elsewhere, and how many would have come to each stage. Pure. */
import { assess, leadId, replay, type Fact, type Instant, type Plan } from '@winnow/engine'

export interface TrialTerms {
  /** None where nothing is live: everybody begins with nothing then. */
  readonly live: Plan | undefined
  readonly tried: Plan
  readonly asOf: Instant
  readonly weeks: number
}

export type Counts = Record<string, number>

/** What is added up over all leads. */
export interface TrialCounts {
  leads: number
  /** Leads that are anywhere else. */
  moved: number
  /** Leads that the tried definition has at an earlier stage: publishing leaves them where they are. */
  kept: number
  /** By category, and `stage`: how many are at each level before and after, and how many go from which to which. */
  before: Record<string, Counts>
  after: Record<string, Counts>
  moves: Record<string, Record<string, Counts>>
  /** By stage: how many came to it in each week, the oldest first. */
  weeklyBefore: Record<string, number[]>
  weeklyAfter: Record<string, number[]>
}

export interface Move {
  readonly lead: string
  readonly what: string
  readonly from: string
  readonly to: string
}

export const noCounts = (): TrialCounts => ({
  leads: 0,
  moved: 0,
  kept: 0,
  before: {},
  after: {},
  moves: {},
  weeklyBefore: {},
  weeklyAfter: {},
})

const WEEK_MS = 7 * 86_400_000
export const STAGE = 'stage'
/** Where there was no level before, or is none after. */
const NONE = ''

/** Adds the leads of one circle. @returns who moves */
export function tryOnCircle(
  terms: TrialTerms,
  { leads, facts }: { leads: readonly string[]; facts: readonly Fact[] },
  counts: TrialCounts,
): Move[] {
  const { live, tried, asOf } = terms
  const before = live && replay(live, facts, { until: asOf })
  const after = replay(tried, facts, { until: asOf })
  const own = new Set(leads)
  if (before) countWeeks(counts.weeklyBefore, before.transitions, own, terms)
  countWeeks(counts.weeklyAfter, after.transitions, own, terms)
  return leads.flatMap((lead) => {
    const was = live && before ? placesOf(live, before.circle, lead, asOf) : {}
    const is = placesOf(tried, after.circle, lead, asOf)
    if (isEarlier(tried, is[STAGE]!, was[STAGE])) {
      is[STAGE] = was[STAGE]!
      counts.kept += 1
    }
    return countLead(counts, lead, was, is)
  })
}

type Places = Record<string, string>

function placesOf(plan: Plan, circle: ReturnType<typeof replay>['circle'], lead: string, asOf: Instant): Places {
  const { levels, stage } = assess(plan, circle, leadId(lead), asOf)
  return { ...levels, [STAGE]: stage.id }
}

/** Publishing never moves a lead back along the path by itself. */
function isEarlier({ layout }: Plan, is: string, was: string | undefined): boolean {
  const place = (id: string) => {
    const found = layout.stages.index.get(id)
    return found === undefined || layout.stages.stages[found]!.isSide ? undefined : found
  }
  const [from, to] = [was === undefined ? undefined : place(was), place(is)]
  return from !== undefined && to !== undefined && to < from
}

function countLead(counts: TrialCounts, lead: string, was: Places, is: Places): Move[] {
  const moves: Move[] = []
  counts.leads += 1
  for (const [what, value] of Object.entries(was)) add((counts.before[what] ??= {}), value)
  for (const [what, value] of Object.entries(is)) add((counts.after[what] ??= {}), value)
  for (const what of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const [from, to] = [was[what] ?? NONE, is[what] ?? NONE]
    add(((counts.moves[what] ??= {})[from] ??= {}), to)
    if (from !== to) moves.push({ lead, what, from, to })
  }
  if (moves.length > 0) counts.moved += 1
  return moves
}

const add = (counts: Counts, name: string, by = 1) => (counts[name] = (counts[name] ?? 0) + by)

function countWeeks(
  weekly: Record<string, number[]>,
  transitions: ReturnType<typeof replay>['transitions'],
  leads: ReadonlySet<string>,
  { asOf, weeks }: TrialTerms,
): void {
  for (const { kind, to, at, lead } of transitions) {
    if (kind !== 'stage' || !leads.has(lead)) continue
    const ago = Math.floor((asOf - at) / WEEK_MS)
    if (ago >= weeks) continue
    const counted = (weekly[to] ??= Array.from({ length: weeks }, () => 0))
    counted[weeks - 1 - ago]! += 1
  }
}

/** The beginning of each week, the oldest first. */
export const weekStarts = ({ asOf, weeks }: Pick<TrialTerms, 'asOf' | 'weeks'>): Instant[] =>
  Array.from({ length: weeks }, (_, index) => asOf - (weeks - index) * WEEK_MS)
