import { toInstantText, type audit } from '@winnow/contract'
import type { Db } from '../db/database.ts'
import type { Cursors } from '../http/cursor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { readAudit, type AuditRow } from './audit.ts'
import { namesOf, type Names } from './names.ts'

export function auditHandlers({ db, cursors }: { db: Db; cursors: Cursors }): HandlersOf<typeof audit> {
  return {
    listAudit: async ({ query: { action, actor, from, to, cursor, limit } }) => {
      const list = JSON.stringify(['audit', action ?? null, actor ?? null, from ?? null, to ?? null])
      const [before] = cursor === undefined ? [] : (cursors.open(list, cursor) as [number])
      const rows = await readAudit(db, {
        limit: limit + 1, // one more than asked for says whether there is a next page
        action,
        actor,
        from,
        to,
        before,
      })
      const items = rows.slice(0, limit)
      const names = await namesOf(db, items)
      const hasMore = rows.length > limit
      return {
        items: items.map((row, at) => toEntry(row, names[at]!)),
        ...(hasMore && { next: cursors.seal(list, [items.at(-1)!.audit_id]) }),
      }
    },
  }
}

const toEntry = (row: AuditRow, names: Names) => ({
  id: row.audit_id,
  at: toInstantText(row.at),
  action: row.action,
  actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  targets: row.targets,
  names,
  address: row.address,
  outcome: row.outcome,
})
