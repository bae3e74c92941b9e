/** What is done with one circle, on whichever thread: facts in, plain results out. */
import {
  assess,
  explain,
  nextChange,
  replay,
  type Assessment,
  type Contribution,
  type Fact,
  type Instant,
  type LeadId,
  type NextChange,
  type Plan,
  type Transition,
} from '@winnow/engine'

export interface ScoreTask {
  readonly kind: 'score'
  readonly asOf: Instant
  /** Reasons and the next change cost several times the score itself. */
  readonly withReasons: boolean
}

export interface ReplayTask {
  readonly kind: 'replay'
  readonly until: Instant
}

export type Task = ScoreTask | ReplayTask

/** Leads and facts that have to be looked at together. */
export interface CircleWork {
  readonly leads: readonly LeadId[]
  readonly facts: readonly Fact[]
}

export interface LeadScore {
  readonly assessment: Assessment
  readonly account: string | undefined
  readonly next: NextChange | undefined
  /** What weighs most, heaviest first. */
  readonly reasons: readonly Pick<Contribution, 'score' | 'criterion' | 'points' | 'because'>[]
}

export interface LeadHistory {
  readonly lead: LeadId
  readonly firstAt: Instant
  readonly transitions: readonly Transition[]
  /** When a person first decided that the lead is won, and that it is lost or disqualified. */
  readonly wonAt: Instant | undefined
  readonly lostAt: Instant | undefined
}

export type ResultOf<T extends Task> = T extends ScoreTask ? LeadScore : LeadHistory

export function runTask(plan: Plan, task: Task, circle: CircleWork): (LeadScore | LeadHistory)[] {
  return task.kind === 'score' ? scoreCircle(plan, task, circle) : replayCircle(plan, task, circle)
}

function scoreCircle(plan: Plan, { asOf, withReasons }: ScoreTask, { leads, facts }: CircleWork): LeadScore[] {
  const { circle } = replay(plan, facts, { until: asOf })
  const present = leads.filter((lead) => circle.leads.has(lead)) // the others came later
  return present.map((lead) => {
    const account = circle.leads.get(lead)?.account?.id
    if (!withReasons) return { assessment: assess(plan, circle, lead, asOf), account, next: undefined, reasons: [] }
    const { assessment, contributions } = explain(plan, circle, lead, asOf)
    return { assessment, account, next: nextChange(plan, circle, lead, asOf), reasons: heaviest(contributions) }
  })
}

const REASONS_MAX = 3

function heaviest(contributions: readonly Contribution[]): LeadScore['reasons'] {
  return contributions
    .filter(({ criterion, points, outcome }) => criterion !== undefined && points !== 0 && outcome !== 'unknown')
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .slice(0, REASONS_MAX)
    .map(({ score, criterion, points, because }) => ({
      score,
      points,
      because,
      ...(criterion === undefined ? {} : { criterion }),
    }))
}

function replayCircle(plan: Plan, { until }: ReplayTask, { leads, facts }: CircleWork): LeadHistory[] {
  const { transitions } = replay(plan, facts, { until })
  const histories = new Map(
    leads.map((lead) => [
      lead,
      {
        lead,
        firstAt: Infinity,
        transitions: [] as Transition[],
        wonAt: undefined as Instant | undefined,
        lostAt: undefined as Instant | undefined,
      },
    ]),
  )
  for (const transition of transitions) histories.get(transition.lead)!.transitions.push(transition)
  for (const fact of facts) {
    if (fact.kind === 'account_attribute' || fact.at > until) continue
    const history = histories.get(fact.lead)!
    history.firstAt = Math.min(history.firstAt, fact.at)
    if (fact.kind !== 'decision') continue
    if (fact.decision === 'win') history.wonAt = Math.min(history.wonAt ?? Infinity, fact.at)
    if (fact.decision === 'lose' || fact.decision === 'disqualify')
      history.lostAt = Math.min(history.lostAt ?? Infinity, fact.at)
  }
  return [...histories.values()].filter(({ firstAt }) => firstAt !== Infinity)
}
