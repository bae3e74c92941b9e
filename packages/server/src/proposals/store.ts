/** Proposals and signatures in the database. */
import type { NoticeKind, Side } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import { tellChange } from '../changes/outbox.ts'
import type { TrialResult } from '../definitions/trial-run.ts'
import { ServerError } from '../errors.ts'

export type Querying = Pick<pg.Pool, 'query'>

export interface Somebody {
  readonly id: string | null
  readonly name: string
}

export interface ChangeTold {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved'
  readonly area: string
  readonly path: string
  readonly sentence: string
}

/** What a trial said of all leads. */
export interface Moves {
  readonly asOf: Instant
  readonly weeks: number
  readonly result: TrialResult
}

type WithdrawnBecause = 'person' | 'draft_changed' | 'draft_deleted' | 'other_live'

export interface ProposalListed {
  readonly proposal_id: string
  readonly draft_id: string
  /** It has not been thrown away. */
  readonly has_draft: boolean
  readonly revision: number
  readonly name: string
  readonly base: number | null
  readonly rolls_back_to: number | null
  readonly rationale: string
  readonly backtest_id: string | null
  readonly trial_id: string | null
  readonly state: 'proposed' | 'scheduled' | 'live' | 'withdrawn'
  readonly proposed_at: Instant
  readonly proposed_by: string | null
  readonly proposed_by_name: string
  readonly goes_live_at: Instant | null
  readonly scheduled_by: string | null
  readonly scheduled_by_name: string | null
  readonly gate_reason: string | null
  readonly ended_at: Instant | null
  readonly ended_because: WithdrawnBecause | 'live' | null
  readonly ended_by: string | null
  readonly version: number | null
  /** Of the version that it became. */
  readonly version_status: 'live' | 'retired' | null
  readonly open_requests: number
}

export interface ProposalRow extends ProposalListed {
  readonly text: string
  readonly hash: string
  readonly changes: readonly ChangeTold[]
  readonly moves: Moves | null
}

export interface SignatureRow {
  readonly proposal_id: string
  readonly side: Side
  readonly person_id: string
  readonly person_name: string
  readonly role: string
  readonly note: string | null
  readonly at: Instant
  readonly digest: string
  readonly is_alone: boolean
  readonly taken_back_at: Instant | null
  readonly taken_back_because: WithdrawnBecause | 'withdrawn' | null
}

const AT = (place: string) => `to_timestamp(${place} / 1000.0)`
const OPEN = `state in ('proposed', 'scheduled')`

// --- Reading ---------------------------------------------------------------------------------------------------------

const LISTED = `p.proposal_id, p.draft_id, p.revision, p.name, p.base, p.rolls_back_to, p.rationale, p.backtest_id, p.trial_id,
  p.state, p.proposed_at, p.proposed_by, p.proposed_by_name, p.goes_live_at, p.scheduled_by, p.scheduled_by_name, p.gate_reason,
  p.ended_at, p.ended_because, p.ended_by, p.version,
  exists (select from draft d where d.draft_id = p.draft_id) as has_draft,
  (select v.status from definition_version v where v.version = p.version) as version_status,
  (select count(*) from comment c where c.draft_id = p.draft_id and c.is_request and c.thread_id is null
     and c.resolved_at is null) as open_requests`
const LISTED_MAX = 200

export interface ProposalFilter {
  readonly draft?: string | undefined
  readonly isOpen: boolean
}

/** The latest first. */
export async function listProposals(client: Querying, { draft, isOpen }: ProposalFilter): Promise<ProposalListed[]> {
  const { rows } = await client.query<ProposalListed>(
    `select ${LISTED} from proposal p where ($1::uuid is null or draft_id = $1) and (not $2 or ${OPEN})
     order by proposed_at desc, proposal_id limit ${LISTED_MAX}`,
    [draft ?? null, isOpen],
  )
  return rows
}

const WHOLE = `select ${LISTED}, p.text, p.hash, p.changes, p.moves from proposal p where p.proposal_id = $1`

/** @throws ServerError `not_found` */
export async function requireProposal(client: Querying, id: string): Promise<ProposalRow> {
  const { rows } = await client.query<ProposalRow>(WHOLE, [id])
  return rows[0] ?? thereIsNone(id)
}

/** The same, and nobody else changes it before this transaction ends. */
export async function lockProposal(client: Querying, id: string): Promise<ProposalRow> {
  const { rowCount } = await client.query('select from proposal where proposal_id = $1 for update', [id])
  return rowCount === 0 ? thereIsNone(id) : requireProposal(client, id)
}

const thereIsNone = (id: string): never => {
  throw new ServerError('not_found', `there is no proposal ${id}`, { at: 'params.proposal' })
}

/** Also those that were taken back; the earliest first. */
export async function readSignatures(client: Querying, proposals: readonly string[]): Promise<SignatureRow[]> {
  const { rows } = await client.query<SignatureRow>(
    `select proposal_id, side, person_id, person_name, role, note, at, digest, is_alone, taken_back_at, taken_back_because
     from signature where proposal_id = any($1::uuid[]) order by at, signature_id`,
    [proposals],
  )
  return rows
}

export async function openProposalOf(client: Querying, draft: string): Promise<string | undefined> {
  const { rows } = await client.query<{ proposal_id: string }>(
    `select proposal_id from proposal where draft_id = $1 and ${OPEN}`,
    [draft],
  )
  return rows[0]?.proposal_id
}

// --- What happens to them --------------------------------------------------------------------------------------------

export interface NewProposal {
  readonly id: string
  readonly draft: string
  readonly revision: number
  readonly name: string
  readonly text: string
  readonly hash: string
  readonly base: number | null
  readonly rollsBackTo: number | null
  readonly changes: readonly ChangeTold[]
  readonly rationale: string
  readonly backtest: string | null
  readonly trial: string
  readonly by: Somebody
  readonly now: Instant
}

/** @returns false where the draft is proposed already */
export async function addProposal(client: Querying, added: NewProposal): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into proposal (proposal_id, draft_id, revision, name, text, hash, base, rolls_back_to, changes, rationale, backtest_id,
       trial_id, state, proposed_at, proposed_by, proposed_by_name)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'proposed', ${AT('$13')}, $14, $15)
     on conflict (draft_id) where ${OPEN} do nothing`,
    [
      added.id,
      added.draft,
      added.revision,
      added.name,
      added.text,
      added.hash,
      added.base,
      added.rollsBackTo,
      JSON.stringify(added.changes),
      added.rationale,
      added.backtest,
      added.trial,
      added.now,
      added.by.id,
      added.by.name,
    ],
  )
  return rowCount === 1
}

/** Versions that say the same count as one: what was tried against any of them holds. */
const rulesOf = (version: string) =>
  `(select coalesce(renews, version) from definition_version where version = ${version})`

/** What trials said of all leads, once and for all, before they are forgotten. @returns how many there were */
export async function keepMoves(client: Querying): Promise<number> {
  const { rowCount } = await client.query(
    `update proposal p set moves = jsonb_build_object('asOf', j.input -> 'asOf', 'weeks', j.input -> 'weeks', 'result', j.result)
     from job j where j.job_id = p.trial_id and j.state = 'done' and p.moves is null and p.${OPEN}
       and ${rulesOf("(j.input ->> 'version')::integer")} is not distinct from ${rulesOf('p.base')}`,
  )
  return rowCount ?? 0
}

export async function tryAgain(client: Querying, proposal: string, trial: string): Promise<void> {
  await client.query('update proposal set trial_id = $2 where proposal_id = $1', [proposal, trial])
}

export interface NewSignature {
  readonly id: string
  readonly proposal: string
  readonly side: Side
  readonly person: { readonly id: string; readonly name: string; readonly role: string }
  readonly note: string | null
  readonly digest: string
  readonly isAlone: boolean
  readonly now: Instant
}

export async function addSignature(client: Querying, added: NewSignature): Promise<void> {
  const { person } = added
  await client.query(
    `insert into signature (signature_id, proposal_id, side, person_id, person_name, role, note, at, digest, is_alone)
     values ($1, $2, $3, $4, $5, $6, $7, ${AT('$8')}, $9, $10)`,
    [
      added.id,
      added.proposal,
      added.side,
      person.id,
      person.name,
      person.role,
      added.note,
      added.now,
      added.digest,
      added.isAlone,
    ],
  )
}

interface TakenBack {
  readonly proposal: string
  /** Everybody's where not given. */
  readonly person?: string
  readonly because: WithdrawnBecause | 'withdrawn'
  readonly now: Instant
}

/** @returns how many signatures counted until now */
export async function takeBack(client: Querying, { proposal, person, because, now }: TakenBack): Promise<number> {
  const { rowCount } = await client.query(
    `update signature set taken_back_at = ${AT('$3')}, taken_back_because = $4
     where proposal_id = $1 and ($2::uuid is null or person_id = $2) and taken_back_at is null`,
    [proposal, person ?? null, now, because],
  )
  return rowCount ?? 0
}

export interface Schedule {
  readonly at: Instant
  readonly by: Somebody
  readonly gateReason: string | null
}

export async function schedule(client: Querying, id: string, { at, by, gateReason }: Schedule): Promise<void> {
  await client.query(
    `update proposal set state = 'scheduled', goes_live_at = ${AT('$2')}, scheduled_by = $3, scheduled_by_name = $4, gate_reason = $5
     where proposal_id = $1`,
    [id, at, by.id, by.name, gateReason],
  )
}

/** @returns false where it was not to go live at a time */
export async function unschedule(client: Querying, id: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update proposal set state = 'proposed', goes_live_at = null, scheduled_by = null, scheduled_by_name = null, gate_reason = null
     where proposal_id = $1 and state = 'scheduled'`,
    [id],
  )
  return rowCount === 1
}

interface Withdrawn {
  readonly because: WithdrawnBecause
  readonly by: string | null
  readonly now: Instant
}

export async function withdraw(client: Querying, id: string, { because, by, now }: Withdrawn): Promise<void> {
  await client.query(
    `update proposal set state = 'withdrawn', ended_at = ${AT('$2')}, ended_because = $3, ended_by = $4 where proposal_id = $1`,
    [id, now, because, by],
  )
  await takeBack(client, { proposal: id, because: because === 'person' ? 'withdrawn' : because, now })
}

export interface WentLive {
  readonly version: number
  readonly by: Somebody
  readonly gateReason: string | null
  readonly now: Instant
}

export async function wentLive(
  client: Querying,
  id: string,
  { version, by, gateReason, now }: WentLive,
): Promise<void> {
  await client.query(
    `update proposal set state = 'live', version = $2, ended_at = ${AT('$3')}, ended_because = 'live', ended_by = $4,
       gate_reason = $5 where proposal_id = $1`,
    [id, version, now, by.name, gateReason],
  )
}

/** What was compared with a version that is not live any more is not what people would sign. */
export async function withdrawOutdated(client: Querying, live: number, now: Instant): Promise<void> {
  const { rows } = await client.query<{ proposal_id: string }>(
    `select proposal_id from proposal where ${OPEN} and base is distinct from $1 order by proposal_id for update`,
    [live],
  )
  for (const { proposal_id: id } of rows) {
    await withdraw(client, id, { because: 'other_live', by: null, now })
    await tell(client, { proposal: id, kind: 'withdrawn', by: undefined, now })
  }
}

/** The one whose time has come longest ago. */
export async function findDue(client: Querying, now: Instant): Promise<ProposalListed | undefined> {
  const { rows } = await client.query<ProposalListed>(
    `select ${LISTED} from proposal p where p.state = 'scheduled' and p.goes_live_at <= ${AT('$1')}
     order by p.goes_live_at, p.proposal_id limit 1`,
    [now],
  )
  return rows[0]
}

// --- Telling people --------------------------------------------------------------------------------------------------

export interface Told {
  readonly proposal: string
  readonly kind: NoticeKind
  readonly by: Somebody | undefined
  readonly now: Instant
}

/** What everybody is told who could sign; the rest only concerns those who had a part in it. */
const FOR_ALL: ReadonlySet<NoticeKind> = new Set(['proposed', 'live'])

/** In the transaction of what it tells of: a note for each person, and a line for whoever follows changes. */
export async function tell(client: Querying, { proposal, kind, by, now }: Told): Promise<void> {
  await client.query(
    `insert into notice (person_id, proposal_id, kind, at, by_name)
     select person.id, $1, $2, ${AT('$3')}, $4 from person
     where disabled_at is null and id is distinct from $5::uuid and ($6 and role in ('admin', 'marketing', 'sales') or id in (
       select proposed_by from proposal where proposal_id = $1
       union all select scheduled_by from proposal where proposal_id = $1
       union all select person_id from signature where proposal_id = $1
       union all select c.actor_id from comment c join proposal p using (draft_id) where p.proposal_id = $1))`,
    [proposal, kind, now, by?.name ?? null, by?.id ?? null, FOR_ALL.has(kind)],
  )
  await tellChange(client, { topic: 'proposal', at: now, body: { proposal, kind } })
}

export interface NoticeRow {
  readonly notice_id: number
  readonly proposal_id: string | null
  readonly session_id: string | null
  readonly kind: NoticeKind
  readonly at: Instant
  readonly by_name: string | null
  readonly read_at: Instant | null
  readonly name: string
  readonly version: number | null
}

const NOTICES_MAX = 50

/** The newest first. */
export async function readNotices(client: Querying, person: string): Promise<NoticeRow[]> {
  const { rows } = await client.query<NoticeRow>(
    `select n.notice_id, n.proposal_id, n.session_id, n.kind, n.at, n.by_name, n.read_at, coalesce(p.name, s.title) as name,
       p.version
     from notice n left join proposal p using (proposal_id) left join alignment_session s using (session_id)
     where n.person_id = $1
     order by n.notice_id desc limit ${NOTICES_MAX}`,
    [person],
  )
  return rows
}

export async function countUnread(client: Querying, person: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*) as count from notice where person_id = $1 and read_at is null',
    [person],
  )
  return rows[0]!.count
}

export async function noteRead(client: Querying, person: string, upTo: number, now: Instant): Promise<void> {
  await client.query(
    `update notice set read_at = ${AT('$3')} where person_id = $1 and notice_id <= $2 and read_at is null`,
    [person, upTo, now],
  )
}
