/** What the targets of audit entries are called today. The log itself holds ids only, so that erasing somebody reaches it. */
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { AuditRow } from './audit.ts'

/** Where the names of targets are; `session` is a session of the alignment where the action is about one. */
const NAMED = {
  lead: { table: 'lead', id: 'lead_id', name: 'name' },
  other: { table: 'lead', id: 'lead_id', name: 'name' },
  account: { table: 'account', id: 'account_id', name: 'name' },
  otherAccount: { table: 'account', id: 'account_id', name: 'name' },
  person: { table: 'person', id: 'id', name: 'name' },
  source: { table: 'source', id: 'source_id', name: 'name' },
  key: { table: 'api_key', id: 'key_id', name: 'name' },
  segment: { table: 'segment', id: 'segment_id', name: 'name' },
  draft: { table: 'draft', id: 'draft_id', name: 'name' },
  proposal: { table: 'proposal', id: 'proposal_id', name: 'name' },
  import: { table: 'import_job', id: 'import_id', name: 'name' },
  backtest: { table: 'backtest', id: 'job_id', name: 'name' },
  session: { table: 'alignment_session', id: 'session_id', name: 'title' },
} as const
type Target = keyof typeof NAMED

const isNamed = (target: string): target is Target => Object.hasOwn(NAMED, target)
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export type Names = Readonly<Record<string, string>>

/** Names of targets, entry by entry: one question for each kind of thing on the page. */
export async function namesOf(db: Db, rows: readonly Pick<AuditRow, 'targets'>[]): Promise<readonly Names[]> {
  const wanted = new Map<Target, Set<string>>()
  for (const { targets } of rows) {
    for (const [target, id] of Object.entries(targets)) {
      if (!isNamed(target) || typeof id !== 'string' || !UUID.test(id)) continue
      wanted.set(target, (wanted.get(target) ?? new Set()).add(id))
    }
  }
  const known = new Map<string, string>()
  for (const [target, ids] of wanted) {
    for (const { id, name } of await readNames(db, target, [...ids])) known.set(`${target} ${id}`, name)
  }
  return rows.map(({ targets }) =>
    Object.fromEntries(
      Object.entries(targets).flatMap(([target, id]) => {
        const name = known.get(`${target} ${id}`)
        return name === undefined ? [] : [[target, name]]
      }),
    ),
  )
}

async function readNames(db: Db, target: Target, ids: readonly string[]) {
  const { table, id, name } = NAMED[target]
  const { rows } = await sql<{ id: string; name: string }>`
    select ${sql.ref(id)}::text as id, ${sql.ref(name)} as name from ${sql.table(table)}
    where ${sql.ref(id)} = any(${ids}::uuid[]) and ${sql.ref(name)} is not null`.execute(db)
  return rows
}
