/** The fifty criteria of `bulk`, with categories and a stage, so that points become levels, timers and ledger lines. */
import type pg from 'pg'
import { definitionSource } from '../bulk/definition.ts'

export const serverDefinition = (): string =>
  JSON.stringify({
    ...definitionSource(),
    categories: {
      quality: {
        levels: [
          { high: { when: { score: 'fit', at_least: 50 } } },
          { medium: { when: { score: 'fit', at_least: 25 } } },
          { low: {} },
        ],
      },
      temperature: {
        levels: [
          { hot: { when: { score: 'engagement', at_least: 60 }, stays_while: { score: 'engagement', at_least: 45 } } },
          { warm: { when: { score: 'engagement', at_least: 25 }, stays_while: { score: 'engagement', at_least: 15 } } },
          { cold: {} },
        ],
      },
    },
    stages: [
      { id: 'lead' },
      {
        id: 'mql',
        enter: {
          all: [
            { category: 'quality', is: 'high' },
            { category: 'temperature', in: ['hot', 'warm'] },
          ],
        },
        sla: '1d',
      },
    ],
  })

/** Makes this text the live version, at this moment. */
export async function publish(pool: pg.Pool, text: string): Promise<void> {
  await pool.query("update definition_version set status = 'retired' where status = 'live'")
  await pool.query(
    `insert into definition_version (version, text, name, published_at, status)
     select coalesce(max(version), 0) + 1, $1, 'bench', now(), 'live' from definition_version`,
    [text],
  )
}

/** @returns the write key of a new source */
export async function addSource(pool: pg.Pool): Promise<string> {
  const writeKey = `src_bench${Math.random().toString(36).slice(2, 18)}`
  await pool.query('insert into source (name, write_key, created_at) values ($1, $2, now())', ['bench', writeKey])
  return writeKey
}
