/** Which rows have changed, told by the database itself. */
import type pg from 'pg'

/** Kept of refusals themselves, or of who was here: these may change though a request is refused. */
const MAY_CHANGE = ['capture_count', 'capture_fault', 'capture_name', 'message_conflict', 'test_change', 'migration']

export interface Changes {
  /** Tables whose rows have changed since it was last asked, other than by noting when a key was used. */
  readonly since: () => Promise<string[]>
}

/** Each table reports its changed rows, inside the transaction that changes them. */
export async function watchChanges(pool: pg.Pool): Promise<Changes> {
  await pool.query(`
    create table test_change (change_id bigint generated always as identity primary key, name text not null);
    create function test_note_change() returns trigger language plpgsql as $$
      begin
        if tg_table_name = 'api_key' and tg_op = 'UPDATE' then
          if to_jsonb(new) - 'last_used_at' = to_jsonb(old) - 'last_used_at' then return null; end if;
        end if;
        -- What was begun and is taken back has come to nothing: the same entry, no other.
        if tg_table_name = 'audit' and tg_op = 'INSERT' then
          insert into test_change (name) values ('audit insert ' || new.audit_id);
          return null;
        end if;
        if tg_table_name = 'audit' and tg_op = 'DELETE' then
          delete from test_change where name = 'audit insert ' || old.audit_id;
          if found then return null; end if;
        end if;
        insert into test_change (name) values (tg_table_name || ' ' || lower(tg_op));
        return null;
      end $$`)
  const { rows } = await pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> all($1)`,
    [MAY_CHANGE],
  )
  for (const { name } of rows) {
    await pool.query(`create trigger test_note_change after insert or update or delete on ${name}
      for each row execute function test_note_change()`)
  }
  let seen = 0
  return {
    since: async () => {
      const found = await pool.query<{ name: string; last: number }>({
        name: 'test-changes',
        text: 'select name, max(change_id) as last from test_change where change_id > $1 group by name order by name',
        values: [seen],
      })
      for (const { last } of found.rows) seen = Math.max(seen, last)
      return found.rows.map(({ name }) => name)
    },
  }
}
