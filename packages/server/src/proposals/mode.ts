/** How many people it takes to let a version go live: two, unless an administrator has said that one is enough. */
import type { WorkingMode } from '@winnow/contract'
import type pg from 'pg'

type Querying = Pick<pg.Pool, 'query'>

export async function readMode(client: Querying): Promise<WorkingMode> {
  const { rows } = await client.query<{ mode: WorkingMode }>(
    `select value ->> 'mode' as mode from setting where name = 'working_mode'`,
  )
  return rows[0]?.mode ?? 'team'
}

export async function writeMode(client: Querying, mode: WorkingMode): Promise<void> {
  await client.query(
    `insert into setting (name, value) values ('working_mode', $1) on conflict (name) do update set value = excluded.value`,
    [JSON.stringify({ mode })],
  )
}
