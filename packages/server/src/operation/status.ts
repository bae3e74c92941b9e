import type pg from 'pg'

/** What a look at a running Winnow should tell first. */
export async function readStatus(pool: Pick<pg.Pool, 'query'>): Promise<{ definition: number | null; demo: boolean }> {
  const { rows } = await pool.query<{ definition: number | null; demo: boolean }>(
    `select (select version from definition_version where status = 'live') as definition,
       exists (select from demo) as demo`,
  )
  return rows[0]!
}
