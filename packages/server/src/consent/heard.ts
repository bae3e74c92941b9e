/**
 * What sources say that people allow. Every call of a client repeats it, so a line is added to the ledger only where a source
 * changes its word; of its words the latest counts, in whatever order they come.
 */
import { formatInstant, type Instant } from '@winnow/engine'
import type pg from 'pg'
import { OBJECTED } from '../leads/exclusion.ts'
import { SCORING } from './store.ts'

type Querying = Pick<pg.ClientBase, 'query'>

/** What a message of a source says. */
export interface SourceConsent {
  readonly sourceId: string
  readonly at: Instant
  readonly words: readonly {
    readonly purpose: string
    readonly isGiven: boolean
    /** What the source calls it. */
    readonly category: string
  }[]
}

export interface Heard {
  readonly lead: string
  readonly source: string
  readonly purpose: string
  readonly isGiven: boolean
  readonly at: Instant
  readonly category: string
}

/** Leads who object to being assessed from now on, and such as no longer do. */
type ScoringWords = ReadonlyMap<string, typeof OBJECTED | 'given'>
const NOTHING_SAID: ScoringWords = new Map()

export const heardOf = (lead: string, { sourceId, at, words }: SourceConsent): Heard[] =>
  words.map((word) => ({ ...word, lead, source: sourceId, at }))

/** The caller holds the circles of the leads. */
export async function recordHeard(client: Querying, heard: readonly Heard[], now: Instant): Promise<ScoringWords> {
  const words = await readWords(client, heard)
  const fresh = new Map<string, Heard>()
  const changes: Heard[] = []
  for (const each of heard.toSorted((one, other) => one.at - other.at)) {
    const key = keyOf(each)
    const before = words.get(key)
    if (before !== undefined && !counts(each, before)) continue
    if (before?.isGiven !== each.isGiven) changes.push(each)
    words.set(key, each)
    fresh.set(key, each)
  }
  if (fresh.size > 0) await writeWords(client, [...fresh.values()])
  if (changes.length === 0) return NOTHING_SAID
  return addChanges(client, changes, now)
}

type Word = Pick<Heard, 'isGiven' | 'at'>

/** The later one, and of two at once the no. */
const counts = (word: Word, before: Word) =>
  word.at > before.at || (word.at === before.at && before.isGiven && !word.isGiven)

const keyOf = ({ lead, source, purpose }: Pick<Heard, 'lead' | 'source' | 'purpose'>) => `${lead} ${source} ${purpose}`

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

/** Also those that were said of whoever turned out to be the same person. */
async function readWords(client: Querying, heard: readonly Heard[]): Promise<Map<string, Word>> {
  const { rows } = await client.query<Pick<Heard, 'lead' | 'source' | 'purpose'> & Word>(
    `select x.lead, w.source_id as source, w.purpose, w.is_given as "isGiven", w.at
     from unnest($1::uuid[]) as x(lead) join lead m on x.lead in (m.lead_id, m.merged_into)
     join consent_word w on w.lead_id = m.lead_id
     where w.source_id = any($2::uuid[])`,
    [unique(heard.map(({ lead }) => lead)), unique(heard.map(({ source }) => source))],
  )
  const words = new Map<string, Word>()
  for (const row of rows) {
    const other = words.get(keyOf(row))
    if (other === undefined || counts(row, other)) words.set(keyOf(row), row)
  }
  return words
}

async function writeWords(client: Querying, words: readonly Heard[]): Promise<void> {
  await client.query(
    `insert into consent_word (lead_id, source_id, purpose, is_given, at)
     select lead, source, purpose, "isGiven", to_timestamp(at / 1000.0)
     from json_to_recordset($1::json) as x(lead uuid, source uuid, purpose text, "isGiven" boolean, at double precision)
     on conflict (lead_id, source_id, purpose) do update set is_given = excluded.is_given, at = excluded.at`,
    [JSON.stringify(words)],
  )
}

interface Line {
  readonly lead: string
  readonly purpose: string
  readonly actor: string
  readonly isGiven: boolean
  readonly at: Instant
}

/** A no counts at once; a source takes back its own no, and nobody else’s. */
async function addChanges(client: Querying, changes: readonly Heard[], now: Instant): Promise<ScoringWords> {
  const lines = Map.groupBy(await readLines(client, changes), ({ lead, purpose }) => `${lead} ${purpose}`)
  const scoring = new Map<string, typeof OBJECTED | 'given'>()
  const added: Heard[] = []
  for (const change of changes) {
    const { lead, purpose, source, isGiven, at } = change
    const others = (lines.get(`${lead} ${purpose}`) ?? []).filter(({ actor }) => actor !== source)
    const latest = others.reduce<Line | undefined>(
      (one, other) => (one && !counts(other, one) ? one : other),
      undefined,
    )
    if (isGiven && latest?.isGiven === false) continue
    added.push(change)
    lines.set(`${lead} ${purpose}`, [...others, { lead, purpose, actor: source, isGiven, at }])
    const isLatest = latest === undefined || at >= latest.at
    if (purpose === SCORING && isLatest) scoring.set(lead, isGiven ? 'given' : OBJECTED)
  }
  if (added.length > 0) await addLines(client, added, now)
  return scoring
}

/** The latest line of everybody who has said something. */
async function readLines(client: Querying, changes: readonly Heard[]): Promise<Line[]> {
  const { rows } = await client.query<Line>(
    `select distinct on (x.lead, c.purpose, c.actor_id)
       x.lead, c.purpose, c.actor_id as actor, c.state = 'given' as "isGiven", c.at
     from unnest($1::uuid[]) as x(lead) join lead m on x.lead in (m.lead_id, m.merged_into)
     join consent c on c.lead_id = m.lead_id
     where c.purpose = any($2::text[])
     order by x.lead, c.purpose, c.actor_id, c.at desc, c.consent_id desc`,
    [unique(changes.map(({ lead }) => lead)), unique(changes.map(({ purpose }) => purpose))],
  )
  return rows
}

async function addLines(client: Querying, added: readonly Heard[], now: Instant): Promise<void> {
  const lines = added.map(({ category, isGiven, ...each }) => ({
    ...each,
    state: isGiven ? 'given' : OBJECTED,
    evidence: `context.consent.categoryPreferences: ${JSON.stringify({ [category]: isGiven })}`,
  }))
  await client.query(
    `insert into consent (lead_id, purpose, state, at, recorded_at, evidence, actor_id, actor_name)
     select x.lead, x.purpose, x.state, to_timestamp(x.at / 1000.0), $2::timestamptz, x.evidence, x.source, s.name
     from json_to_recordset($1::json)
       as x(lead uuid, purpose text, state text, at double precision, evidence text, source uuid)
     join source s on s.source_id = x.source`,
    [JSON.stringify(lines), formatInstant(now)],
  )
}

/**
 * What a rule of capture would say of somebody who no longer objects, it says of their next message.
 * @returns those who were assessed before and are no longer, or the other way round
 */
export async function setObjecting(client: Querying, scoring: ScoringWords): Promise<ReadonlySet<string>> {
  const saying = (word: typeof OBJECTED | 'given') =>
    [...scoring].flatMap(([lead, said]) => (said === word ? [lead] : []))
  const { rows } = await client.query<{ lead_id: string }>(
    `with objecting as (
       update lead set excluded_as = $3, is_kept = false
       where lead_id = any($1::uuid[]) and excluded_as is distinct from $3 returning lead_id),
     given as (update lead set excluded_as = null where lead_id = any($2::uuid[]) and excluded_as = $3 returning lead_id)
     select lead_id from objecting union all select lead_id from given`,
    [saying(OBJECTED), saying('given'), OBJECTED],
  )
  return new Set(rows.map(({ lead_id }) => lead_id))
}
