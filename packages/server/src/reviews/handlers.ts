import { orNull, RIGHTS_OF, toInstantText, type reviews } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import { listPeople } from '../access/people.ts'
import type { Db } from '../db/database.ts'
import { addDraft, findLive } from '../definitions/versions.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { jobReply } from '../jobs/reply.ts'
import { insertJob, requireJob } from '../jobs/store.ts'
import { forgottenReply, forgottenSince } from '../leads/forgotten.ts'
import { invalid } from '../leads/intake-of.ts'
import type { Plans } from '../live/plans.ts'
import { reviewDue } from './due.ts'
import { shifted } from './period.ts'
import { windowOf, type ReviewInput } from './prepare.ts'
import {
  addDecision,
  addNote,
  addReview,
  changeReview,
  deleteDecision,
  deleteNote,
  deleteReview,
  lastSigned,
  listDecisions,
  listLeadsBehind,
  listNotes,
  listReviews,
  listSignatures,
  openReview,
  requireDecision,
  requireReview,
  setDraft,
  sign,
  type ReviewRow,
  type Team,
} from './store.ts'

export interface ReviewParts {
  readonly db: Db
  readonly pool: pg.Pool
  readonly plans: Plans
  readonly newId: () => string
}

/** Where the definition does not say how often. */
const USUAL = '3 months'

export function reviewHandlers({ db, pool, plans, newId }: ReviewParts): HandlersOf<typeof reviews> {
  const live = async () => {
    const found = await plans.live(pool)
    if (found === undefined) throw new ServerError('no_definition', 'no definition has been published')
    return found
  }
  const reply = async (id: string, actor: Actor | undefined) => {
    const row = await requireReview(db, id)
    const job = row.job_id === null ? null : await requireJob(pool, 'review', row.job_id)
    const lookedAt = job?.ended_at ?? row.created_at
    return {
      ...listed(row),
      job: job && jobReply(job),
      figures: row.figures,
      forgotten: forgottenReply(await forgottenSince(pool, { from: windowOf(row).previousFrom, lookedAt })),
      attendance: row.attendance,
      notes: (await listNotes(db, id)).map((note) => ({
        id: note.note_id,
        text: note.text,
        at: toInstantText(note.at),
        by: note.actor_name,
        isMine: note.actor_id === actor?.id,
      })),
      decided: (await listDecisions(db, id)).map((decision) => ({
        id: decision.decision_id,
        text: decision.text,
        owner: decision.owner,
        promise: decision.promise,
        draft: decision.draft_id,
        at: toInstantText(decision.at),
        by: decision.actor_name,
      })),
      signatures: (await listSignatures(db, id)).map(({ team, person_id, person_name, at }) => ({
        team,
        person: person_id,
        name: person_name,
        at: toInstantText(at),
      })),
    }
  }
  const startJob = async (review: string, actor: Actor, now: Instant) => {
    const input: ReviewInput = { review }
    const by = { id: actor.id, name: actor.name }
    const job = await insertJob(db, { id: newId(), kind: 'review', input, by, now })
    await changeReview(db, review, { job: job.job_id })
  }

  return {
    getDue: async ({ now }) => {
      const due = await reviewDue({ db, pool, plans }, now)
      return { ...due, dueAt: orNull(due.dueAt), open: (await openReview(db)) ?? null }
    },
    listReviews: async () => ({ items: (await listReviews(db)).map(listed) }),
    prepareReview: async ({ body, actor, now, note }) => {
      const { version, plan } = await live()
      const to = body.to ?? now
      const last = await lastSigned(db)
      const from = body.from ?? last?.period_to ?? shifted(to, plan.definition.review?.every ?? USUAL, -1)
      if (from >= to) throw invalid('/from', 'the period has to begin before it ends')
      const id = newId()
      await addReview(db, { id, version, from, to, by: actor!, now })
      await startJob(id, actor!, now)
      note({ review: id })
      return reply(id, actor)
    },
    getReview: ({ params, actor }) => reply(params.review, actor),
    prepareAgain: async ({ params, actor, now }) => {
      const { job_id } = await requireReview(db, params.review)
      const state = job_id === null ? undefined : (await requireJob(pool, 'review', job_id)).state
      if (state === 'waiting' || state === 'running') throw new ServerError('conflict', 'it is being prepared')
      await startJob(params.review, actor!, now)
      return reply(params.review, actor)
    },
    changeReview: async ({ params, body, actor }) => {
      await requireReview(db, params.review)
      await changeReview(db, params.review, body)
      return reply(params.review, actor)
    },
    deleteReview: async ({ params }) => {
      await requireReview(db, params.review)
      await deleteReview(db, params.review)
      return null
    },
    addReviewNote: async ({ params: { review }, body: { text }, actor, now }) => {
      await requireReview(db, review)
      await addNote(db, { review, id: newId(), text, by: actor!, now })
      return reply(review, actor)
    },
    deleteReviewNote: async ({ params: { review, note }, actor }) => {
      await requireReview(db, review)
      await deleteNote(db, review, { id: note, by: actor! })
      return reply(review, actor)
    },
    addReviewDecision: async ({ params: { review }, body, actor, now }) => {
      await requireReview(db, review)
      await addDecision(db, { review, id: newId(), ...body, by: actor!, now })
      return reply(review, actor)
    },
    deleteReviewDecision: async ({ params: { review, decision }, actor }) => {
      await requireReview(db, review)
      await deleteDecision(db, review, decision)
      return reply(review, actor)
    },
    draftDecision: async ({ params: { review, decision }, actor, now, note }) => {
      const { text, draft_id } = await requireDecision(db, review, decision)
      if (draft_id !== null) return { draft: draft_id }
      const version = await findLive(db)
      if (version === undefined) throw new ServerError('no_definition', 'no definition has been published')
      const draft = newId()
      const name = text.slice(0, 200)
      await addDraft(db, { draftId: draft, basedOn: version.version, name, text: version.text, by: actor!.name, now })
      await setDraft(db, decision, draft)
      note({ draft })
      return { draft }
    },
    signReview: async ({ params: { review }, body: { team }, actor, now, note }) => {
      const { figures } = await requireReview(db, review)
      if (figures === null) throw new ServerError('conflict', 'its figures are not prepared yet')
      requireTeam(actor, team)
      await sign(db, review, { team, by: actor!, now, mayBoth: await isAlone(db) })
      note({ team })
      return reply(review, actor)
    },
    listReviewLeads: async ({ params: { review }, query: { figure } }) => {
      await requireReview(db, review)
      const { total, leads } = await listLeadsBehind(db, review, figure)
      return {
        total,
        items: leads.map((lead) => ({
          id: lead.lead_id,
          name: lead.name,
          email: lead.email,
          account: lead.account_name,
          stage: lead.stage,
          levels: lead.levels,
        })),
      }
    },
  }
}

function requireTeam(actor: Actor | undefined, team: Team): void {
  const role = actor?.kind === 'person' ? actor.role : undefined
  if (role !== team && role !== 'admin')
    throw new ServerError('forbidden', `only somebody in ${team}, or an administrator, signs for ${team}`)
}

/** Where one person is all there is, that one is both teams. */
async function isAlone(db: Db): Promise<boolean> {
  const signers = (await listPeople(db)).filter(
    ({ role, disabled_at }) => disabled_at === null && RIGHTS_OF[role].includes('definitions:publish'),
  )
  return signers.length === 1
}

const listed = (row: ReviewRow) => ({
  id: row.review_id,
  version: row.version,
  from: toInstantText(row.period_from),
  to: toInstantText(row.period_to),
  createdAt: toInstantText(row.created_at),
  createdBy: row.creator_name,
  isPrepared: row.figures !== null,
  signedAt: orNull(row.signed_at),
  nextAt: orNull(row.next_at),
  decisions: row.decisions,
})
