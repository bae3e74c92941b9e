/** Many leads with a history, copied straight into the tables of a server: what they did lies in the order in which it came. */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { FLAGS, NUMBERS, PATHS, TEXTS, TYPES } from '../bulk/data.ts'
import { Random } from '../random.ts'

const DAY_MS = 86_400_000
const QUARTERS = { first: Date.UTC(2025, 0, 1), count: 12 }

export interface Activity {
  readonly at: number
  readonly lead: number
  readonly type: string
  readonly properties: Readonly<Record<string, unknown>>
}

/** What they did in the year before, evenly spread over time and leads, of kinds that people do more or less often. */
export function* yearOfActivities(leads: number, count: number, until: number): Generator<Activity> {
  const random = new Random(7)
  const step = (365 * DAY_MS) / count
  for (let index = 0; index < count; index++) {
    const type = TYPES[random.early(TYPES.length)]!
    const path = PATHS[random.early(PATHS.length)]!
    const properties = type === 'page' ? { path, title: path.slice(1) } : { minutes: random.below(60) }
    yield { at: Math.floor(until - (count - index) * step), lead: random.below(leads), type, properties }
  }
}

export interface Filling {
  readonly leads: number
  readonly activities: Iterable<Activity>
  /** When what is known of leads became known. */
  readonly knownAt: number
}

/** Five attributes of each lead, and the activities. Nobody is assessed: the server does that itself once a version is live. */
export async function fill(pool: pg.Pool, { leads, activities, knownAt }: Filling): Promise<void> {
  const ids = Array.from({ length: leads }, () => randomUUID())
  const random = new Random(5)
  const known = ids.map(() => drawKnown(random))
  const at = new Date(knownAt).toISOString()
  await makePartitions(pool)
  await copy(
    pool,
    'circle (circle_id)',
    map(ids, (id) => id),
  )
  await copy(
    pool,
    'lead (lead_id, circle_id, email, name, attributes, attribute_times, created_at)',
    map(ids, (id, index) => {
      const attributes = { ...known[index], email: emailOf(index) }
      return [id, id, emailOf(index), nameOf(index), json(attributes), '{}', at].join('\t')
    }),
  )
  await copy(
    pool,
    'identity (kind, value, lead_id, since)',
    map(ids, (id, index) => `user\tu${index}\t${id}\t${at}`),
  )
  await copy(pool, 'fact (lead_id, at, fact_id, received_at, kind, body)', factLines(ids, known, at))
  await copy(pool, 'activity (lead_id, at, fact_id, received_at, type, properties)', activityLines(ids, activities))
  await pool.query('vacuum analyze')
}

export const emailOf = (index: number) => `lead${index}@company${index % 5000}.example`
const FIRST_NAMES = ['Mara', 'Ada', 'Bea', 'Cem', 'Eve', 'Finn', 'Gus', 'Hana', 'Ivo', 'Jana']
export const nameOf = (index: number) => `${FIRST_NAMES[index % 10]!} ${((index * 2654435761) % 2 ** 32).toString(36)}`

/** All that the fifty criteria may ask for, of which five are known. */
function drawKnown(random: Random): Record<string, unknown> {
  const text = (name: keyof typeof TEXTS) => random.pick<string>(TEXTS[name])
  return {
    industry: text('industry'),
    job_level: text('job_level'),
    country: text('country'),
    employees: random.below(NUMBERS.employees),
    [FLAGS[0]]: random.chance(0.1),
  }
}

function* factLines(
  ids: readonly string[],
  known: readonly Readonly<Record<string, unknown>>[],
  at: string,
): Generator<string> {
  for (const [index, id] of ids.entries()) {
    let place = 0
    for (const [name, value] of Object.entries(known[index]!)) {
      yield [id, at, `api:bench:${index}/${place++}`, at, 'attribute', json({ name, value })].join('\t')
    }
  }
}

function* activityLines(ids: readonly string[], activities: Iterable<Activity>): Generator<string> {
  let count = 0
  for (const { at, lead, type, properties } of activities) {
    const instant = new Date(at).toISOString()
    yield [ids[lead]!, instant, `bench:${(++count).toString(36)}/0`, instant, type, json(properties)].join('\t')
  }
}

export const json = (value: unknown) => JSON.stringify(value).replaceAll('\\', String.raw`\\`)

function* map<T>(from: readonly T[], to: (each: T, index: number) => string): Generator<string> {
  for (const [index, each] of from.entries()) yield to(each, index)
}

export async function makePartitions(pool: pg.Pool): Promise<void> {
  const first = new Date(QUARTERS.first).getUTCFullYear()
  const from = (quarter: number) =>
    `${first + Math.floor(quarter / 4)}-${String((quarter % 4) * 3 + 1).padStart(2, '0')}-01`
  for (let quarter = 0; quarter < QUARTERS.count; quarter++) {
    const name = `activity_${first + Math.floor(quarter / 4)}_q${(quarter % 4) + 1}`
    await pool.query(
      `create table if not exists ${name} partition of activity for values from ('${from(quarter)}') to ('${from(quarter + 1)}')`,
    )
  }
}

/** @param lines  in the text format of `COPY` */
export async function copy(pool: pg.Pool, target: string, lines: Iterable<string>): Promise<void> {
  const client = await pool.connect()
  try {
    await pipeline(Readable.from(blocks(lines)), client.query(copyFrom(`copy ${target} from stdin`)))
  } finally {
    client.release()
  }
}

const BLOCK = 1 << 18

function* blocks(lines: Iterable<string>): Generator<string> {
  let block = ''
  for (const line of lines) {
    block += `${line}\n`
    if (block.length < BLOCK) continue
    yield block
    block = ''
  }
  yield block
}
