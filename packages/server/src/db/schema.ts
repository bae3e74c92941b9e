/** The schema of a database as text, so that a change of it can be read and compared. */
import type pg from 'pg'

const TABLES = `
  select c.relname as name, format(e'create table %I (\\n%s\\n)%s;', c.relname, string_agg(line.text, e',\\n' order by line.place),
    case when c.relkind = 'p' then ' partition by ' || pg_get_partkeydef(c.oid) else '' end) as text
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  cross join lateral (
    select a.attnum as place, format('  %I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attidentity <> '' then ' generated always as identity' else '' end,
      case when a.attnotnull then ' not null' else '' end,
      coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as text
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    union all
    select 10000 + row_number() over (order by k.conname), format('  constraint %I %s', k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n'
  ) line
  where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
  group by c.oid, c.relname, c.relkind order by c.relname`

const INDEXES = `
  select pg_get_indexdef(i.indexrelid) || ';' as text
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and not c.relispartition
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
  order by 1`

/** Tables by name with their columns in order, then indexes; partitions and data are left out. */
export async function describeSchema(pool: pg.Pool): Promise<string> {
  const tables = await pool.query<{ text: string }>(TABLES)
  const indexes = await pool.query<{ text: string }>(INDEXES)
  const parts = [...tables.rows.map(({ text }) => text), indexes.rows.map(({ text }) => text).join('\n')]
  return `-- What the migrations come to. Written by \`npm run schema\`, compared by a test.\n\n${parts.join('\n\n')}\n`
}
