/**
 * The audit log in the database. An entry is there before its change is made, and is completed after it: whatever ends a server
 * in between, no change is without one. What was refused has changed nothing, and its entry goes.
 */
import type { Instant } from '@winnow/engine'
import { formatInstant } from '@winnow/engine'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { timestamp } from '../db/timestamp.ts'
import type { AuditEntry, AuditLog } from '../http/app.ts'

const TEXT_MAX = 200

/** Something that is over by the time it is noted. */
export async function appendAudit(db: Db, entry: AuditEntry): Promise<void> {
  await db.insertInto('audit').values(toRow(entry)).execute()
}

export function auditLog(db: Db): AuditLog {
  return {
    begin: async (entry) => {
      const id = await insertBegun(db, entry)
      return {
        complete: async (details) => {
          const targets = JSON.stringify(targetsOf({ ...entry, details }))
          await db.updateTable('audit').set({ outcome: 'done', targets }).where('audit_id', '=', id).execute()
        },
        takeBack: async () => {
          await db.deleteFrom('audit').where('audit_id', '=', id).where('outcome', '=', 'unknown').execute()
        },
      }
    },
  }
}

/**
 * Does not wait for the disk: the log of the database is written in order, so that whatever the change commits afterwards is
 * never on it without this.
 */
async function insertBegun(db: Db, entry: AuditEntry): Promise<number> {
  const row = toRow(entry)
  const { rows } = await sql<{ audit_id: number }>`
    with unhurried as materialized (select set_config('synchronous_commit', 'off', true))
    insert into audit (at, action, actor_kind, actor_id, actor_name, targets, address, outcome)
    select ${row.at}::timestamptz, ${row.action}, ${row.actor_kind}, ${row.actor_id}::uuid, ${row.actor_name},
      ${row.targets}::jsonb, ${row.address}, 'unknown'
    from unhurried
    returning audit_id`.execute(db)
  return rows[0]!.audit_id
}

const toRow = (entry: AuditEntry) => ({
  at: formatInstant(entry.at),
  action: entry.action,
  actor_kind: entry.actor?.kind ?? ('nobody' as const),
  actor_id: entry.actor?.id ?? null,
  actor_name: entry.actor?.name ?? null,
  targets: JSON.stringify(targetsOf(entry)),
  address: entry.address,
})

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
  readonly outcome: 'done' | 'unknown'
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
