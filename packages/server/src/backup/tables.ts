/** Which tables a backup holds, in an order in which they can be filled. */
import type pg from 'pg'

type Querying = Pick<pg.ClientBase, 'query'>

/**
 * Which migrations there were, what copies of the log go by (a restored log is another one), and what triggers make of leads
 * when those are restored.
 */
const OWN = new Set(['migration', 'log_identity', 'log_rewritten', 'lead_standing'])
/** Numbers of this cluster's transactions, which mean nothing in another. */
const OWN_COLUMNS = new Set(['activity.transaction_id', 'fact.transaction_id'])

/** Tables so that none refers to one after it; a table may refer to itself. */
export async function tablesInOrder(client: Querying): Promise<string[]> {
  const { rows } = await client.query<{ name: string; needs: string[] }>(`
    select c.relname as name, coalesce(array_agg(f.relname::text) filter (where f.relname is not null), '{}') as needs
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid
    left join pg_class f on f.oid = k.confrelid
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
    group by c.relname order by c.relname`)
  const open = new Map(rows.filter(({ name }) => !OWN.has(name)).map(({ name, needs }) => [name, needs]))
  const ordered: string[] = []
  while (open.size > 0) {
    const free = [...open].filter(([, needs]) => needs.every((need) => !open.has(need))).map(([name]) => name)
    if (free.length === 0) throw new Error(`tables refer to one another in a circle: ${[...open.keys()].join(', ')}`)
    for (const name of free) open.delete(name)
    ordered.push(...free)
  }
  return ordered
}

/** Columns that hold data of their own, in their order. */
export async function columnsOf(client: Querying, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped
       and attgenerated = '' order by attnum`,
    [quoted(table)],
  )
  return rows.map(({ name }) => name).filter((name) => !OWN_COLUMNS.has(`${table}.${name}`))
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
