/** Leads that are kept and not assessed, and such as are assessed again. */
import type pg from 'pg'
import { assessAnew } from '../live/assess-anew.ts'
import { lockExisting, readLeads } from '../live/circles.ts'
import type { Taking } from '../live/take.ts'
import { inTransaction, JUDGING } from '../live/transaction.ts'

const ATTEMPTS_MAX = 8

/** Whoever has objected to being assessed; nobody else can lift it. */
export const OBJECTED = 'objected'

/**
 * @param leads  those that stand for themselves
 * @param as  null lets them in, and keeps them in whatever a rule of capture says of their next event
 * @param also  what is written with it or not at all
 * @returns how each was before; whoever is not there, or part of another by now, or objects, is left out
 */
export async function setExclusion(
  taking: Taking,
  leads: readonly string[],
  as: string | null,
  also?: (client: pg.PoolClient) => Promise<unknown>,
): Promise<Map<string, string | null>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(
        taking.pool,
        async (client) => {
          await also?.(client)
          return setOnce(client, taking, leads, as)
        },
        JUDGING,
      )
    } catch (error) {
      const mayPass = error instanceof Moved || (error as { code?: string }).code === '40P01'
      if (!mayPass || attempt === ATTEMPTS_MAX) throw error
    }
  }
}

/** Somebody else has merged or moved one of them meanwhile: begin again. */
class Moved extends Error {}

interface Excluded {
  readonly lead_id: string
  readonly circle_id: string
  readonly excluded_as: string | null
}

async function setOnce(
  client: pg.PoolClient,
  taking: Taking,
  leads: readonly string[],
  as: string | null,
): Promise<Map<string, string | null>> {
  const now = taking.now()
  const circles = new Set((await read(client, leads)).map(({ circle_id }) => circle_id))
  // Whoever is removed meanwhile must not leave a circle behind that this has made for them.
  const locked = await lockExisting(client, [...circles])
  const objecting = as === OBJECTED ? new Set() : await readObjecting(client, leads)
  const rows = (await read(client, leads)).filter(({ lead_id }) => !objecting.has(lead_id))
  if (rows.some(({ circle_id }) => !locked.has(circle_id))) throw new Moved('moved meanwhile')
  const before = new Map(rows.map(({ lead_id, excluded_as }) => [lead_id, excluded_as]))
  const changing = rows.filter(({ excluded_as }) => excluded_as !== as)
  if (changing.length === 0) return before
  await client.query(
    'update lead set excluded_as = $2::text, is_kept = $2::text is null where lead_id = any($1::uuid[])',
    [changing.map(({ lead_id }) => lead_id), as],
  )
  const live = await taking.plans.live(client)
  if (live === undefined) return before
  const touched = [...new Set(changing.map(({ circle_id }) => circle_id))]
  await assessAnew(client, live, {
    rows: touched.map((id) => locked.get(id)!),
    leads: await readLeads(client, touched),
    now,
    log: taking.log,
  })
  return before
}

async function read(client: pg.PoolClient, leads: readonly string[]): Promise<Excluded[]> {
  const { rows } = await client.query<Excluded>(
    `select lead_id, circle_id, excluded_as from lead where lead_id = any($1::uuid[]) and merged_into is null`,
    [leads],
  )
  return rows
}

/** Those whose latest word on being assessed, also under a name of before a merge, is no. */
async function readObjecting(client: pg.PoolClient, leads: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ lead_id: string }>(
    `select x.lead_id from unnest($1::uuid[]) as x(lead_id) cross join lateral (
       select c.state from lead m join consent c on c.lead_id = m.lead_id
       where (m.lead_id = x.lead_id or m.merged_into = x.lead_id) and c.purpose = 'scoring'
       order by c.at desc, c.consent_id desc limit 1) as said
     where said.state = 'objected'`,
    [leads],
  )
  return new Set(rows.map(({ lead_id }) => lead_id))
}
