/** For leads of a page: scores at this moment, what gave most of them, and what changes next; from stored states alone. */
import {
  criterionSubject,
  explain,
  leadId,
  readCircle,
  type Circle,
  type Contribution,
  type Instant,
  type Phrase,
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
    readonly isNamed: boolean
    readonly points: number
    readonly because: string
    readonly phrase: Phrase
    readonly activities: string[]
    readonly attribute: string | null
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
    .filter(({ points, criterion, outcome }) => points > 0 && criterion !== undefined && outcome !== 'unknown')
    .sort((a, b) => b.points - a.points)
    .slice(0, CRITERIA_MAX)
  return {
    scores: assessment.scores,
    why: strongest.map((each) => {
      const criterion = criterionOf(plan, each)
      return {
        score: each.score,
        group: each.group,
        criterion: each.criterion!,
        label: criterion === undefined ? each.criterion! : labelOf(plan, criterion),
        isNamed: criterion?.label !== undefined,
        points: each.points,
        because: each.because,
        phrase: each.phrase,
        activities: criterion !== undefined && 'each' in criterion ? [criterion.each].flat() : [],
        attribute: criterion !== undefined && 'table' in criterion ? criterion.table : null,
      }
    }),
    nextChange: nextChangeReply(plan, circle, lead, asOf),
  }
}

const criterionOf = ({ scores }: Plan, { score, group, criterion }: Contribution) =>
  scores
    .find(({ name }) => name === score)
    ?.groups.find(({ name }) => name === group)
    ?.criteria.find(({ id }) => id === criterion)?.criterion

const labelOf = ({ definition }: Plan, criterion: NonNullable<ReturnType<typeof criterionOf>>): string =>
  criterion.label ?? criterionSubject(definition, criterion)
