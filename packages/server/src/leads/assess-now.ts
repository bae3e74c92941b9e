/** What the live version says of a lead at this moment, scores and all: the stored state, let go on to now. */
import { assess, leadId, readCircle, replay, type Circle, type Instant, type Plan } from '@winnow/engine'
import type pg from 'pg'
import type { LivePlan, Plans } from '../live/plans.ts'
import { assessmentReply, nextChangeReply } from './explain.ts'
import { readKnown } from './past.ts'

type Querying = Pick<pg.ClientBase, 'query'>

interface Subject {
  readonly lead_id: string
  readonly circle_id: string
  readonly excluded_as: string | null
}

/** All null where nothing is said: no definition, or a lead that is excluded. */
export async function assessNow(client: Querying, plans: Plans, lead: Subject, now: Instant) {
  const live = lead.excluded_as === null ? await plans.live(client) : undefined
  if (live === undefined) return { assessment: null, nextChange: null }
  const { plan, version } = live
  const circle = (await storedCircle(client, live, lead)) ?? (await replayed(client, live, lead, now))
  const asOf = Math.max(now, circle.clock)
  return {
    assessment: assessmentReply(assess(plan, circle, leadId(lead.lead_id), asOf), version),
    nextChange: nextChangeReply(plan, circle, lead.lead_id, asOf),
  }
}

async function storedCircle(
  client: Querying,
  { plan, version }: LivePlan,
  { circle_id }: Subject,
): Promise<Circle | undefined> {
  const { rows } = await client.query<{ state: Buffer }>({
    name: 'read-circle-state',
    text: 'select state from circle where circle_id = $1 and version = $2 and state is not null',
    values: [circle_id, version],
  })
  return rows[0] && readCircle(plan, rows[0].state)
}

async function replayed(
  client: Querying,
  { plan, version }: { plan: Plan; version: number },
  { lead_id }: Subject,
  now: Instant,
): Promise<Circle> {
  const { facts } = await readKnown(client, lead_id, { plan, version, knownAt: Infinity })
  const until = facts.reduce((latest, { at }) => Math.max(latest, at), now)
  return replay(plan, facts, { until }).circle
}
