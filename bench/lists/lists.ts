/** Lists and searches over many leads, as a person clicks: one request after the other, first pages and second ones. */
import { createHash, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { FLAGS, NUMBERS, TEXTS } from '../bulk/data.ts'
import { quantile, type Line } from '../measure.ts'
import { Random } from '../random.ts'
import { copy, emailOf, json, nameOf } from '../server/fill.ts'
import { newFolder, removeFolder, whileServing, type Served } from '../server/process.ts'
import { line } from '../server/timed.ts'

const DAY_MS = 86_400_000
const LEADS_AN_ACCOUNT = 10
const ROUNDS = 30

export interface ListsOptions {
  readonly isFull: boolean
  readonly leads: number | undefined
}

export async function lists({ isFull, leads: asked }: ListsOptions): Promise<Line[]> {
  const leads = asked ?? (isFull ? 1_000_000 : 100_000)
  const folder = await newFolder()
  try {
    return await whileServing(folder, (served) => clickThrough(served, leads))
  } finally {
    await removeFolder(folder)
  }
}

async function clickThrough({ pool, port }: Served, leads: number): Promise<Line[]> {
  const accounts = await fillLists(pool, leads)
  const get = readerOf(port, await addKey(pool))
  const random = new Random(11)
  const kinds = kindsOf(random, { leads, accounts })
  const times = new Map<string, number[]>()
  const timed = async (name: string, path: string) => {
    const started = performance.now()
    const reply = await get(path)
    times.set(name, [...(times.get(name) ?? []), performance.now() - started])
    return reply
  }
  for (let round = 0; round < ROUNDS + 2; round++) {
    if (round === 2) times.clear() // pages have been read and statements planned
    for (const [name, path] of Object.entries(kinds)) {
      const query = path()
      const { next } = await timed(name, `/api/leads?${query}`)
      if (next !== undefined && round % 3 === 0)
        await timed(`${name}, second page`, `/api/leads?${query}&cursor=${encodeURIComponent(next)}`)
    }
  }
  const size = `${leads / 1000} k leads`
  const isSlow = (name: string) => name.startsWith(UNINDEXED)
  const of = (wanted: boolean) => [...times].flatMap(([name, each]) => (isSlow(name) === wanted ? each : []))
  return [
    line(`lists and searches over ${size}, median`, quantile(of(false), 0.5), 'ms'),
    line(`lists and searches over ${size}, 95 %`, quantile(of(false), 0.95), 'ms', { most: 150 }),
    line(`tests that few pass and no index knows, 95 %`, quantile(of(true), 0.95), 'ms'),
    ...[...times].map(([name, each]) => line(`${name}: 95 %`, quantile(each, 0.95), 'ms')),
  ]
}

/** Tests of which these begin the name are told apart: each of them looks at every lead. */
const UNINDEXED = 'unindexed'

type Kinds = Readonly<Record<string, () => string>>

/** What people look at; each kind as often as every other. */
function kindsOf(random: Random, { leads, accounts }: { leads: number; accounts: readonly string[] }): Kinds {
  const text = (name: keyof typeof TEXTS) => encodeURIComponent(random.pick<string>(TEXTS[name]))
  const day = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString()
  return {
    newest: () => '',
    'a stage, latest first': () => `stage=${random.pick(STAGES)}&sort=stageSince`,
    'service levels, soonest first': () => 'stage=sal&sort=slaDueAt',
    'next change, soonest first': () => 'sort=nextChangeAt',
    'next change of the hot ones': () => 'level=temperature:hot&sort=nextChangeAt',
    'a level by value': () => `level=temperature:${random.pick(['hot', 'warm'])}&sort=expectedValue`,
    'a stage and two levels': () => 'stage=mql&level=temperature:hot&level=quality:high&sort=stageSince',
    'one attribute': () => `attribute=country:is:${text('country')}`,
    'two attributes': () => `attribute=industry:is:${text('industry')}&attribute=job_level:is:${text('job_level')}`,
    'an attribute that few have': () => 'attribute=rare:is:yes&sort=expectedValue',
    'a value that nobody has': () => 'attribute=country:is:nowhere&sort=stageSince',
    'a stage, a level, an attribute, a bound': () =>
      `stage=mql&level=temperature:hot&attribute=country:is:${text('country')}&attribute=employees:at_least:2000`,
    'a bound that many pass': () => `attribute=employees:at_least:${random.below(4000)}`,
    'part of a text that many have': () => 'attribute=title:contains:Head&sort=createdAt',
    'a source': () => 'source=fair',
    'a source that brought nobody': () => 'source=nowhere&sort=expectedValue',
    'an account': () => `account=${random.pick(accounts)}`,
    'a name': () => `q=${encodeURIComponent(nameOf(random.below(leads)))}`,
    'the beginning of a common name': () => 'q=mar',
    'an e-mail address': () => `q=${encodeURIComponent(emailOf(random.below(leads)))}`,
    'a name that nobody has': () => 'q=xyzzy',
    'who came in a week of a year': () => {
      const days = 7 + random.below(350)
      return `createdFrom=${day(days)}&createdTo=${day(days - 7)}`
    },
    [`${UNINDEXED}: a bound that few pass`]: () => 'attribute=employees:at_least:4999&sort=expectedValue',
    [`${UNINDEXED}: part of a text that nobody has`]: () => 'attribute=title:contains:zzz',
  }
}

interface Reply {
  readonly next?: string
}

const readerOf = (port: number, key: string) => async (path: string) => {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${key}` } })
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
  return (await reply.json()) as Reply
}

async function addKey(pool: pg.Pool): Promise<string> {
  const key = `wk_benchkey_${'b'.repeat(40)}`
  await pool.query(
    `insert into api_key (name, prefix, hash, rights, created_at) values ('bench', 'wk_benchkey', $1, '{leads:read}', now())`,
    [createHash('sha256').update(key).digest()],
  )
  return key
}

// --- Leads -----------------------------------------------------------------------------------------------------------

const STAGES = ['lead', 'lead', 'lead', 'lead', 'lead', 'lead', 'mql', 'mql', 'sal', 'customer']
const TEMPERATURES = ['cold', 'cold', 'cold', 'warm', 'hot']
const QUALITIES = ['low', 'low', 'medium', 'high']
const SOURCES = ['search', 'fair', 'webinar', 'ads', 'mail', 'partner']

/** Leads as assessments leave them, drawn and not assessed: lists read what is stored. @returns their accounts */
async function fillLists(pool: pg.Pool, leads: number): Promise<string[]> {
  const accounts = Array.from({ length: Math.ceil(leads / LEADS_AN_ACCOUNT) }, () => randomUUID())
  const now = Date.now()
  await copy(
    pool,
    'account (account_id, name, circle_id, created_at)',
    accounts.values().map((id, index) => [id, `Company ${index}`, id, textOf(now - index * 60_000)].join('\t')),
  )
  const random = new Random(3)
  const ids = Array.from({ length: leads }, () => randomUUID())
  const dues = ids.map(() => (random.chance(1 / 3) ? textOf(now + random.below(30 * DAY_MS)) : NULL))
  await copy(
    pool,
    'circle (circle_id, due_at)',
    ids.values().map((id, index) => `${id}\t${dues[index]!}`),
  )
  await copy(
    pool,
    `lead (lead_id, circle_id, account_id, email, name, attributes, attribute_times, first_touch, created_at, version,
      assessed_at, stage, stage_since, sla_due_at, levels, scores, expected_value, next_change_at)`,
    ids
      .values()
      .map((id, index) =>
        leadLine(random, { id, index, account: accounts[index % accounts.length]!, now, due: dues[index]! }),
      ),
  )
  await pool.query('vacuum analyze')
  return accounts
}

const NULL = String.raw`\N`
const textOf = (at: number) => new Date(at).toISOString()

function leadLine(
  random: Random,
  { id, index, account, now, due }: { id: string; index: number; account: string; now: number; due: string },
): string {
  const stage = random.pick(STAGES)
  const past = (days: number) => textOf(now - random.below(days * DAY_MS))
  const attributes = {
    ...Object.fromEntries(Object.entries(TEXTS).map(([name, values]) => [name, random.pick<string>(values)])),
    ...Object.fromEntries(Object.entries(NUMBERS).map(([name, below]) => [name, random.below(below)])),
    ...Object.fromEntries(FLAGS.map((name) => [name, random.chance(0.1)])),
    rare: index % 100_000 === 7 ? 'yes' : 'no',
  }
  const times = Object.fromEntries(Object.keys(attributes).map((name) => [name, [now, `seg:${index}/0`]]))
  return [
    id,
    id,
    account,
    emailOf(index),
    nameOf(index),
    json(attributes),
    json(times),
    json({ at: now, source: random.pick(SOURCES) }),
    past(500),
    '1',
    textOf(now),
    stage,
    past(300),
    stage === 'sal' ? textOf(now + random.below(4 * 3_600_000)) : NULL,
    json({ temperature: random.pick(TEMPERATURES), quality: random.pick(QUALITIES) }),
    json({ fit: random.below(100), engagement: random.below(100) }),
    String(random.below(10_000)),
    due,
  ].join('\t')
}
