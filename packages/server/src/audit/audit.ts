/** The audit log in the database: appended to, never changed. */
import type { Instant } from '@winnow/engine'
import { formatInstant } from '@winnow/engine'
import type { Db } from '../db/database.ts'
import { timestamp } from '../db/timestamp.ts'
import type { AuditEntry } from '../http/app.ts'

const TEXT_MAX = 200

export async function appendAudit(db: Db, entry: AuditEntry): Promise<void> {
  const { actor } = entry
  await db
    .insertInto('audit')
    .values({
      at: formatInstant(entry.at),
      action: entry.action,
      actor_kind: actor?.kind ?? 'nobody',
      actor_id: actor?.id ?? null,
      actor_name: actor?.name ?? null,
      targets: JSON.stringify(targetsOf(entry)),
      address: entry.address,
    })
    .execute()
}

/** Parameters of the path and what the handler noted; texts are cut, they are ids. */
function targetsOf({ params, details }: AuditEntry): Record<string, string | number> {
  const all = Object.entries<unknown>({ ...(params as object | undefined), ...details })
  return Object.fromEntries(
    all.map(([name, value]) => [name, typeof value === 'number' ? value : String(value).slice(0, TEXT_MAX)]),
  )
}

export interface AuditRow {
  readonly audit_id: number
  readonly at: Instant
  readonly action: string
  readonly actor_kind: 'person' | 'key' | 'source' | 'nobody'
  readonly actor_id: string | null
  readonly actor_name: string | null
  readonly targets: Readonly<Record<string, string | number>>
  readonly address: string
}

export interface AuditFilter {
  readonly action?: string | undefined
  readonly actor?: string | undefined
  readonly from?: Instant | undefined
  /** Not included. */
  readonly to?: Instant | undefined
  readonly before?: number | undefined
  readonly limit: number
}

/** Newest first. `before` is the id of the last one seen. */
export function readAudit(db: Db, { action, actor, from, to, before, limit }: AuditFilter): Promise<AuditRow[]> {
  let rows = db.selectFrom('audit').selectAll().orderBy('audit_id', 'desc').limit(limit)
  if (action !== undefined) rows = rows.where('action', '=', action)
  if (actor !== undefined) rows = rows.where('actor_id', '=', actor)
  if (from !== undefined) rows = rows.where('at', '>=', timestamp(from))
  if (to !== undefined) rows = rows.where('at', '<', timestamp(to))
  if (before !== undefined) rows = rows.where('audit_id', '<', before)
  return rows.execute()
}
