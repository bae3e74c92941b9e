import { orNull, toInstantText, type proposals, type ReplyOf, type Side, type WorkingMode } from '@winnow/contract'
import { diffDefinitions, formatPath, parseDefinitionText, type Definition, type Instant } from '@winnow/engine'
import type pg from 'pg'
import { waitingSessions } from '../alignment/store.ts'
import { requireGate, startGate } from '../backtests/gate.ts'
import type { Db } from '../db/database.ts'
import { requireExamples } from '../definitions/publish.ts'
import { trialResultReply } from '../definitions/replies.ts'
import { startTrial, TRIAL_WEEKS } from '../definitions/start-trial.ts'
import type { TrialInput, TrialResult } from '../definitions/trial-run.ts'
import { findLive, requireDraft, requireVersion, type DraftRow } from '../definitions/versions.ts'
import { ServerError } from '../errors.ts'
import { nameOf, type Actor } from '../http/actor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { requireJob, type JobRow } from '../jobs/store.ts'
import { compileText } from '../live/plans.ts'
import type { Taking } from '../live/take.ts'
import { inTransaction } from '../live/transaction.ts'
import { reviewDue } from '../reviews/due.ts'
import { openReview } from '../reviews/store.ts'
import { counting, digestOf, hashOf, isOpen, missingSides, sidesOf, signableBy } from './agreement.ts'
import { letGoLive, requireAgreed, requireOpen } from './going-live.ts'
import { readMode, writeMode } from './mode.ts'
import {
  addProposal,
  addSignature,
  countUnread,
  keepMoves,
  listProposals,
  lockProposal,
  noteRead,
  readNotices,
  readSignatures,
  requireProposal,
  schedule,
  takeBack,
  tell,
  tryAgain,
  unschedule,
  withdraw,
  type NoticeRow,
  type ProposalListed,
  type ProposalRow,
  type SignatureRow,
  type Somebody,
} from './store.ts'

export interface ProposalParts {
  readonly db: Db
  readonly taking: Taking
  /** Told after a transaction that may have written into the outbox. */
  readonly changed?: () => void
}

/** A time further away is a mistake. */
const AHEAD_MAX = 366 * 86_400_000

export function proposalHandlers({ db, taking, changed = () => {} }: ProposalParts): HandlersOf<typeof proposals> {
  const { pool, newId } = taking
  const whole = async (id: string, actor: Actor | undefined) => {
    await keepMoves(pool)
    const proposal = await requireProposal(pool, id)
    const [mode, signatures, trial] = [
      await readMode(pool),
      await readSignatures(pool, [id]),
      await trialOf(pool, proposal),
    ]
    return {
      ...listedReply(proposal, { mode, signatures }),
      ...wholeReply(proposal, { mode, signatures, trial, actor }),
    }
  }
  /** Whatever happens to a proposal happens while nobody else changes it. */
  const within = async (
    id: string,
    actor: Actor | undefined,
    run: (client: pg.PoolClient, proposal: ProposalRow) => Promise<void>,
  ) => {
    await inTransaction(pool, async (client) => run(client, await lockProposal(client, id)))
    changed()
    return whole(id, actor)
  }
  return {
    listProposals: async ({ query: { draft, state } }) => {
      const rows = await listProposals(pool, { draft, isOpen: state === 'open' })
      const [mode, signatures] = [await readMode(pool), await signaturesOf(pool, rows)]
      return {
        items: rows.map((row) => listedReply(row, { mode, signatures: signatures.get(row.proposal_id) ?? [] })),
      }
    },
    propose: async ({ params, body: { revision, rationale, backtest = null }, actor, now, note }) => {
      const draft = await requireDraft(db, params.draft)
      requireRevision(draft, revision)
      const { text } = draft
      const { definition } = compileText(text)
      requireExamples(text)
      if (draft.proposal !== null) throw proposedAlready(draft.proposal.id)
      const live = await findLive(db)
      const trial = await startTrial({ db, pool }, { id: newId(), text, weeks: TRIAL_WEEKS, actor, now })
      const [id, by] = [newId(), somebody(actor)]
      await inTransaction(pool, async (client) => {
        // Whoever saves the draft now is waited for, and then this is not what was looked at.
        const { rows } = await client.query<{ revision: number }>(
          'select revision from draft where draft_id = $1 for update',
          [params.draft],
        )
        requireRevision(rows[0] ?? draft, revision)
        const isAdded = await addProposal(client, {
          id,
          draft: params.draft,
          revision,
          name: definition.name,
          text,
          hash: hashOf(text),
          base: live?.version ?? null,
          rollsBackTo: await sameTextAs(db, draft, live?.version),
          changes: live === undefined ? [] : changesBetween(live.text, definition),
          rationale,
          backtest,
          trial: trial.job_id,
          by,
          now,
        })
        if (!isAdded) throw proposedAlready(undefined)
        await tell(client, { proposal: id, kind: 'proposed', by, now })
      })
      if (definition.capacity !== undefined && live !== undefined)
        await startGate({ db, pool, newId }, { ...draft, draft: params.draft }, { by, now })
      changed()
      note({ proposal: id })
      return whole(id, actor)
    },
    getProposal: async ({ params, actor }) => whole(params.proposal, actor),
    tryProposalAgain: async ({ params, actor, now, note }) => {
      const proposal = await requireProposal(pool, params.proposal)
      requireOpen(proposal)
      const { state } = await trialOf(pool, proposal)
      if (state === 'done' || state === 'waiting' || state === 'running')
        throw new ServerError('conflict', state === 'done' ? 'it has been tried' : 'it is being tried')
      const { text } = proposal
      const trial = await startTrial({ db, pool }, { id: newId(), text, weeks: TRIAL_WEEKS, actor, now })
      note({ trial: trial.job_id })
      return within(params.proposal, actor, async (client, locked) => {
        requireOpen(locked)
        await tryAgain(client, locked.proposal_id, trial.job_id)
      })
    },
    signProposal: async ({ params, body: { as, digest, note: words = null }, actor, now, note }) => {
      await keepMoves(pool)
      note({ side: as })
      return within(params.proposal, actor, async (client, proposal) => {
        requireOpen(proposal)
        const [mode, signatures] = [await readMode(client), await readSignatures(client, [proposal.proposal_id])]
        const person = requireSigner(actor, { as, mode, signatures })
        requireSame(proposal, digest)
        requireExamples(proposal.text)
        const { proposal_id: id } = proposal
        const isAlone = mode === 'one_person'
        await addSignature(client, { id: newId(), proposal: id, side: as, person, note: words, digest, isAlone, now })
        await tell(client, { proposal: id, kind: 'signed', by: person, now })
      })
    },
    takeBackSignature: async ({ params, actor, now }) =>
      within(params.proposal, actor, async (client, { proposal_id: id, ...proposal }) => {
        requireOpen(proposal)
        const by = somebody(actor)
        if ((await takeBack(client, { proposal: id, person: actor!.id, because: 'person', now })) === 0)
          throw new ServerError('conflict', 'you have not signed it')
        await tell(client, { proposal: id, kind: 'taken_back', by, now })
        if (await unschedule(client, id)) await tell(client, { proposal: id, kind: 'unscheduled', by, now })
      }),
    withdrawProposal: async ({ params, actor, now }) =>
      within(params.proposal, actor, async (client, proposal) => {
        requireOpen(proposal)
        if (!mayWithdraw(actor, proposal))
          throw new ServerError('forbidden', 'whoever proposed it can withdraw it, or an administrator')
        const { proposal_id: id } = proposal
        await withdraw(client, id, { because: 'person', by: nameOf(actor), now })
        await tell(client, { proposal: id, kind: 'withdrawn', by: somebody(actor), now })
      }),
    goLive: async ({ params, body: { at = null, gateReason = null }, actor, now, note }) => {
      const by = somebody(actor)
      const proposed = await requireProposal(pool, params.proposal)
      await requireGate({ pool, now }, { text: proposed.text, reason: gateReason })
      if (at !== null && at > now) {
        if (at > now + AHEAD_MAX) throw new ServerError('request_invalid', '/at: more than a year away', { at: '/at' })
        return within(params.proposal, actor, async (client, { proposal_id: id }) => {
          await requireAgreed(client, id)
          await schedule(client, id, { at, by, gateReason })
          await tell(client, { proposal: id, kind: 'scheduled', by, now })
          note({ at: toInstantText(at) })
        })
      }
      requireOpen(proposed)
      await letGoLive(taking, { id: params.proposal, by, gateReason })
      changed()
      const proposal = await whole(params.proposal, actor)
      note({ version: proposal.version! })
      return proposal
    },
    unscheduleProposal: async ({ params, actor, now }) =>
      within(params.proposal, actor, async (client, { proposal_id: id }) => {
        if (!(await unschedule(client, id))) throw new ServerError('conflict', 'it is not to go live at a time')
        await tell(client, { proposal: id, kind: 'unscheduled', by: somebody(actor), now })
      }),

    getWorkingMode: async () => ({ mode: await readMode(pool) }),
    putWorkingMode: async ({ body: { mode }, note }) => {
      await writeMode(pool, mode)
      note({ mode })
      return { mode }
    },

    listNotices: async ({ actor, now }) => {
      const [unread, notices] = [await countUnread(pool, actor!.id), await readNotices(pool, actor!.id)]
      return {
        unread,
        waiting: await waitingFor(pool, actor),
        sessions: (await waitingSessions(db, actor!.id)).map(({ at, ...session }) => ({
          ...session,
          at: toInstantText(at),
        })),
        review: mayPublish(actor) ? await waitingReview(taking, db, now) : null,
        items: notices.map(noticeReply),
      }
    },
    readNotices: async ({ body: { upTo }, actor, now }) => {
      await noteRead(pool, actor!.id, upTo, now)
      return { unread: await countUnread(pool, actor!.id) }
    },
  }
}

const somebody = (actor: Actor | undefined): Somebody => ({ id: actor?.id ?? null, name: nameOf(actor) })

// --- What has to be so -----------------------------------------------------------------------------------------------

function requireRevision(draft: { readonly revision: number }, revision: number): void {
  if (draft.revision === revision) return
  throw new ServerError('conflict', 'the draft has been changed since you looked at it', {
    at: '/revision',
    details: { revision: draft.revision },
  })
}

const proposedAlready = (proposal: string | undefined) =>
  new ServerError('conflict', 'this draft is proposed already', { details: { proposal } })

/** @throws ServerError `forbidden`, `conflict` */
function requireSigner(
  actor: Actor | undefined,
  { as, mode, signatures }: { as: Side; mode: WorkingMode; signatures: readonly SignatureRow[] },
): { id: string; name: string; role: string } {
  if (actor?.kind !== 'person' || !sidesOf(actor).includes(as))
    throw new ServerError('forbidden', `somebody of ${as} signs for ${as}, or an administrator`, { at: '/as' })
  const signed = counting(signatures)
  const own = signed.find(({ person_id }) => person_id === actor.id)
  if (own !== undefined)
    throw new ServerError(
      'conflict',
      `you have signed it for ${own.side}; somebody else has to sign for the other side`,
    )
  const other = signed.find(({ side }) => side === as)
  if (other !== undefined) throw new ServerError('conflict', `${other.person_name} has signed it for ${as}`)
  if (missingSides(mode, signatures).length === 0)
    throw new ServerError('conflict', 'it is signed: one person is enough')
  return { id: actor.id, name: actor.name, role: actor.role }
}

/** What was looked at is what is signed. */
function requireSame(proposal: ProposalRow, digest: string): void {
  const own = digestOf(proposal)
  if (own === undefined)
    throw new ServerError('conflict', 'it is still being tried on all leads: nobody knows who moves')
  if (own !== digest)
    throw new ServerError('conflict', 'this is not what you looked at: load it again', { at: '/digest' })
}

const mayWithdraw = (actor: Actor | undefined, { proposed_by }: ProposalListed) =>
  actor !== undefined && (actor.id === proposed_by || (actor.kind === 'person' && actor.role === 'admin'))

/** The older version that the draft began from, where it still is that text. */
async function sameTextAs(db: Db, { based_on, text }: DraftRow, live: number | undefined): Promise<number | null> {
  if (based_on === null || based_on === live) return null
  return (await requireVersion(db, based_on)).text === text ? based_on : null
}

function changesBetween(live: string, after: Definition) {
  const before = parseDefinitionText(live)
  if (!before.ok) return []
  return diffDefinitions(before.definition, after).map(({ kind, area, path, sentence }) => ({
    kind,
    area,
    path: formatPath(path),
    sentence,
  }))
}

// --- Replies ---------------------------------------------------------------------------------------------------------

type Step = ReplyOf<(typeof proposals)['getProposal']>['step']

interface Known {
  readonly mode: WorkingMode
  readonly signatures: readonly SignatureRow[]
}

async function signaturesOf(pool: pg.Pool, rows: readonly ProposalListed[]): Promise<Map<string, SignatureRow[]>> {
  const ids = rows.map(({ proposal_id }) => proposal_id)
  return Map.groupBy(await readSignatures(pool, ids), ({ proposal_id }) => proposal_id)
}

function stepOf({ state, version_status }: ProposalListed, missing: readonly Side[]): Step {
  if (state === 'live') return version_status === 'retired' ? 'retired' : 'live'
  return state === 'proposed' && missing.length === 0 ? 'signed' : state
}

function listedReply(row: ProposalListed, { mode, signatures }: Known) {
  const missing = isOpen(row) ? missingSides(mode, signatures) : []
  return {
    id: row.proposal_id,
    draft: row.draft_id,
    hasDraft: row.has_draft,
    revision: row.revision,
    name: row.name,
    step: stepOf(row, missing),
    base: row.base,
    rationale: row.rationale,
    backtest: row.backtest_id,
    proposedAt: toInstantText(row.proposed_at),
    proposedBy: { id: row.proposed_by, name: row.proposed_by_name },
    signatures: signatures.map(signatureReply),
    missing,
    openRequests: row.open_requests,
    goesLiveAt: orNull(row.goes_live_at),
    scheduledBy: row.scheduled_by_name,
    gateReason: row.gate_reason,
    version: row.version,
    endedAt: orNull(row.ended_at),
    endedBecause: row.ended_because,
    endedBy: row.ended_by,
  }
}

const signatureReply = (row: SignatureRow) => ({
  side: row.side,
  by: { id: row.person_id, name: row.person_name, role: row.role },
  at: toInstantText(row.at),
  note: row.note,
  digest: row.digest,
  isAlone: row.is_alone,
  takenBackAt: orNull(row.taken_back_at),
  takenBackBecause: row.taken_back_because,
})

type Trial = Pick<JobRow, 'state' | 'done' | 'total'>
const LOST: Trial = { state: 'failed', done: 0, total: null }

async function trialOf(pool: pg.Pool, { moves, trial_id: id }: ProposalRow): Promise<Trial> {
  if (moves !== null) return { state: 'done', done: moves.result.leads, total: moves.result.leads }
  if (id === null) return LOST
  const job = await requireJob<TrialInput, TrialResult>(pool, 'trial', id).catch(() => LOST)
  // One that has ended without its result being kept was of another live version.
  return job.state === 'done' ? LOST : job
}

function wholeReply(row: ProposalRow, known: Known & { readonly trial: Trial; readonly actor: Actor | undefined }) {
  const { mode, signatures, trial, actor } = known
  const { moves } = row
  const digest = digestOf(row)
  const isAgreed = isOpen(row) && missingSides(mode, signatures).length === 0 && row.open_requests === 0
  const mayPublish = actor?.kind === 'person' && actor.rights.has('definitions:publish')
  return {
    text: row.text,
    hash: row.hash,
    digest: digest ?? null,
    mode,
    changes: [...row.changes],
    trial: {
      id: row.trial_id,
      state: trial.state,
      done: trial.done,
      total: trial.total,
      asOf: moves === null ? null : toInstantText(moves.asOf),
      result: moves && trialResultReply(moves.result, moves),
    },
    may: {
      signAs: digest === undefined ? [] : signableBy(actor, row, known),
      takeBack: isOpen(row) && counting(signatures).some(({ person_id }) => person_id === actor?.id),
      goLive: mayPublish && isAgreed,
      unschedule: mayPublish && row.state === 'scheduled',
      withdraw: isOpen(row) && mayWithdraw(actor, row),
    },
  }
}

async function waitingFor(pool: pg.Pool, actor: Actor | undefined) {
  const rows = await listProposals(pool, { isOpen: true })
  const [mode, signatures] = [await readMode(pool), await signaturesOf(pool, rows)]
  return rows.flatMap((row) => {
    const sides = signableBy(actor, row, { mode, signatures: signatures.get(row.proposal_id) ?? [] })
    if (sides.length === 0) return []
    const at = toInstantText(row.proposed_at)
    return [{ proposal: row.proposal_id, name: row.name, proposedBy: row.proposed_by_name, at, sides }]
  })
}

const mayPublish = (actor: Actor | undefined): boolean =>
  actor?.kind === 'person' && actor.rights.has('definitions:publish')

async function waitingReview({ pool, plans }: Taking, db: Db, now: Instant) {
  const { isDue, dueAt } = await reviewDue({ db, pool, plans }, now)
  return isDue ? { dueAt: toInstantText(dueAt!), open: (await openReview(db)) ?? null } : null
}

const noticeReply = (row: NoticeRow) => ({
  id: row.notice_id,
  kind: row.kind,
  at: toInstantText(row.at),
  proposal: row.proposal_id,
  session: row.session_id,
  name: row.name,
  by: row.by_name,
  version: row.version,
  isRead: row.read_at !== null,
})
