/** For leads of a page: scores at this moment, what gave most of them, and what changes next; from stored states alone. */
import {
  criterionSubject,
  explain,
  leadId,
  readCircle,
  type Circle,
  type Contribution,
  type Instant,
  type Plan,
} from '@winnow/engine'
import type pg from 'pg'
import { nextChangeReply } from '../leads/explain.ts'
import type { LivePlan } from '../live/plans.ts'

export interface Why {
  readonly scores: Readonly<Record<string, number>>
  readonly why: {
    readonly score: string
    readonly group: string
    readonly criterion: string
    readonly label: string
    readonly points: number
    readonly because: string
  }[]
  readonly nextChange: ReturnType<typeof nextChangeReply>
}

const CRITERIA_MAX = 3

/** Leads whose state is to be made anew are left out: their turn comes within moments. */
export async function explainLeads(
  pool: pg.Pool,
  { plan, version }: LivePlan,
  leads: readonly { readonly lead_id: string; readonly circle_id: string }[],
  now: Instant,
): Promise<Map<string, Why>> {
  const ids = [...new Set(leads.map(({ circle_id }) => circle_id))]
  const { rows } = await pool.query<{ circle_id: string; state: Buffer }>({
    name: 'read-circle-states',
    text: `select circle_id, state from circle where circle_id = any($1::uuid[]) and version = $2 and state is not null`,
    values: [ids, version],
  })
  const circles = new Map(rows.map(({ circle_id, state }) => [circle_id, readCircle(plan, state)]))
  return new Map(
    leads.flatMap(({ lead_id, circle_id }) => {
      const circle = circles.get(circle_id)
      return circle === undefined ? [] : [[lead_id, explained(plan, circle, lead_id, now)]]
    }),
  )
}

function explained(plan: Plan, circle: Circle, lead: string, now: Instant): Why {
  const asOf = Math.max(now, circle.clock)
  const { assessment, contributions } = explain(plan, circle, leadId(lead), asOf)
  const strongest = contributions
    .filter(({ points, criterion }) => points > 0 && criterion !== undefined)
    .sort((a, b) => b.points - a.points)
    .slice(0, CRITERIA_MAX)
  return {
    scores: assessment.scores,
    why: strongest.map((each) => ({
      score: each.score,
      group: each.group,
      criterion: each.criterion!,
      label: labelOf(plan, each),
      points: each.points,
      because: each.because,
    })),
    nextChange: nextChangeReply(plan, circle, lead, asOf),
  }
}

function labelOf({ definition, scores }: Plan, { score, group, criterion }: Contribution): string {
  const found = scores
    .find(({ name }) => name === score)
    ?.groups.find(({ name }) => name === group)
    ?.criteria.find(({ id }) => id === criterion)
  if (found === undefined) return criterion!
  return found.criterion.label ?? criterionSubject(definition, found.criterion)
}
