import { orNull, toInstantText, type alignment } from '@winnow/contract'
import type pg from 'pg'
import { listPeople } from '../access/people.ts'
import { addComment } from '../comments/store.ts'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { forgottenOf, forgottenReply, leadsIn } from '../leads/forgotten.ts'
import { invalid } from '../leads/intake-of.ts'
import type { LivePlan, Plans } from '../live/plans.ts'
import { disagreementOf, resultOf, type JudgedLead, type SessionResult, type Team } from './agreement.ts'
import { countCandidates, drawCandidates, isGood, type Candidate, type Candidates } from './candidates.ts'
import { cardOf, readKnownThen, saidThen } from './known-then.ts'
import {
  addSession,
  listDrawn,
  listPractised,
  listRatings,
  listSessions,
  requireDrawn,
  requireSession,
  reveal,
  savePractice,
  saveRating,
  setComment,
  type DrawnLead,
  type LeadRow,
  type RatingRow,
  type SessionRow,
} from './store.ts'

export interface AlignmentParts {
  readonly db: Db
  readonly pool: pg.Pool
  readonly plans: Plans
  readonly newId: () => string
  /** Told after a transaction that has written into the outbox. */
  readonly changed?: () => void
}

const LEADS_MIN = 10

export function alignmentHandlers({
  db,
  pool,
  plans,
  newId,
  changed = () => {},
}: AlignmentParts): HandlersOf<typeof alignment> {
  const live = async () => {
    const found = await plans.live(pool)
    if (found === undefined) throw new ServerError('no_definition', 'no definition has been published')
    return found
  }

  const draw = async (plan: LivePlan, which: Candidates, how: { size: number; seed: string }) => {
    const drawn = await drawCandidates(db, which, how)
    if (drawn.length < LEADS_MIN)
      throw new ServerError(
        'conflict',
        `only ${drawn.length} leads have a known outcome; a session needs ${LEADS_MIN}`,
        {
          at: '/size',
        },
      )
    const leads: DrawnLead[] = []
    for (const candidate of drawn) leads.push(await drawnOf(pool, plan, which.category, candidate))
    return leads
  }

  const judged = async (tx: Db, { session_id: id }: SessionRow) => {
    const ratings = await listRatings(tx, id, null)
    return (await listDrawn(tx, id)).map((row) => ({
      row,
      ratings: ratings.filter(({ place }) => place === row.place),
    }))
  }

  return {
    listSessions: async ({ actor }) => ({ items: (await listSessions(db)).map((row) => sessionReply(row, actor)) }),
    listRaters: async () => ({
      items: (await listPeople(db))
        .filter((person) => person.disabled_at === null)
        .map(({ id, name, role }) => ({ id, name, team: role === 'marketing' || role === 'sales' ? role : null })),
    }),
    countCandidates: async ({ query: { category, from, to } }) => {
      const counts = await countCandidates(db, { category, from, to })
      return { total: counts.reduce((sum, { count }) => sum + count, 0), counts }
    },
    startSession: async ({ body, actor, now, note }) => {
      const { title, category, size, from, to, seed = newId() } = body
      const plan = await live()
      const levels = levelsOf(plan, category)
      const members = await membersOf(db, body.members)
      const leads = await draw(plan, { category, from, to }, { size, seed })
      const id = newId()
      const by = { id: actor!.id, name: actor!.name }
      await addSession(db, { id, title, seed, version: plan.version, category, levels, by, now, leads, members })
      changed()
      note({ session: id })
      return sessionReply(await requireSession(db, id), actor)
    },
    getSession: async ({ params, actor }) => {
      const row = await requireSession(db, params.session)
      return {
        ...sessionReply(row, actor),
        mine: (await listRatings(db, row.session_id, actor!.id)).map(ratingReply),
        practised: await listPractised(db, row.session_id, actor!.id),
      }
    },
    getCard: async ({ params, actor }) => {
      const session = await requireSession(db, params.session)
      if (session.revealed_at === null) requireMember(session, actor)
      const { lead_id, as_of } = await requireDrawn(db, params.session, params.place)
      const plan = await plans.ofVersion(pool, session.version)
      const known = await readKnownThen(pool, plan, lead_id, as_of)
      const forgotten = forgottenReply(await forgottenOf(pool, leadsIn(known.lead, known.facts), as_of))
      return { ...cardOf(plan, known, as_of, params.place), forgotten }
    },
    rateLead: async ({ params, body, actor, now }) => {
      const session = await requireSession(db, params.session)
      requireMember(session, actor)
      requireLevel(session, body.level)
      await requireDrawn(db, params.session, params.place)
      const isSaved = await saveRating(db, { ...params, ...body, person: actor!.id, now })
      if (!isSaved) throw new ServerError('conflict', 'all has been revealed; nobody judges any more')
      return { place: params.place, ...body }
    },
    revealSession: async ({ params, body: { isEarly }, actor, now }) => {
      const session = await requireSession(db, params.session)
      if (!mayReveal(session, actor))
        throw new ServerError('forbidden', 'only whoever started the session, or an administrator, reveals it')
      const waiting = session.members.filter(({ rated }) => rated < session.leads).map(({ name }) => name)
      if (waiting.length === session.members.length && session.members.every(({ rated }) => rated === 0))
        throw new ServerError('conflict', 'nobody has said anything yet')
      if (waiting.length > 0 && !isEarly)
        throw new ServerError('conflict', `not through yet: ${waiting.join(', ')}`, { details: { waiting } })
      await reveal(db, params.session, {
        by: { id: actor!.id, name: actor!.name },
        now,
        resultOf: async (tx) => resultOf((await judged(tx, session)).map(judgedLead), session.levels),
      })
      changed()
      return sessionReply(await requireSession(db, params.session), actor)
    },
    getResult: async ({ params }) => {
      const session = await requireSession(db, params.session)
      const result = requireRevealed(session)
      const leads = (await judged(db, session)).map(({ row, ratings }) => revealedReply(row, ratings, session.levels))
      return {
        ...writableResult(result),
        leads: leads.sort((a, b) => b.disagreement - a.disagreement || a.place - b.place),
      }
    },
    noteReason: async ({ params, body: { person, path }, actor, now, note }) => {
      const session = await requireSession(db, params.session)
      requireRevealed(session)
      const said = (await listRatings(db, params.session, person)).find(({ place }) => place === params.place)
      if (said === undefined || said.reason === '')
        throw new ServerError('not_found', 'this person gave no reason for this lead', { at: '/person' })
      const comment = newId()
      await db.transaction().execute(async (tx) => {
        await addComment(tx, {
          id: comment,
          thread: null,
          draft: null,
          path,
          text: `“${said.reason}” — ${said.person_name}, ${session.title}, #${params.place}`,
          by: actor!,
          now,
        })
        const isFirst = await setComment(tx, { ...params, person, comment })
        if (!isFirst) throw new ServerError('conflict', 'this reason is a note already')
      })
      note({ comment })
      return { comment }
    },
    practise: async ({ params, body, actor, now }) => {
      const session = await requireSession(db, params.session)
      requireRevealed(session)
      requireLevel(session, body.level)
      const row = await requireDrawn(db, params.session, params.place)
      await savePractice(db, { ...params, ...body, person: actor!.id, now })
      const ratings = (await listRatings(db, params.session, null)).filter(({ place }) => place === params.place)
      return { mine: body, lead: revealedReply(row, ratings, session.levels) }
    },
  }
}

async function drawnOf(pool: pg.Pool, plan: LivePlan, category: string, candidate: Candidate): Promise<DrawnLead> {
  const asOf = candidate.decided_at - 1
  const known = await readKnownThen(pool, plan, candidate.lead_id, asOf)
  const { levels, said } = saidThen(plan, known, asOf)
  return {
    lead: candidate.lead_id,
    asOf,
    isAsReceived: known.isAsReceived,
    outcome: candidate.outcome,
    level: levels[category]!,
    said,
  }
}

function levelsOf({ plan }: LivePlan, category: string): readonly string[] {
  const found = plan.layout.categories.get(category)
  if (found === undefined) throw invalid('/category', `the definition has no category ${category}`)
  return found.levels
}

/** Everybody once, under the name that they have today. */
async function membersOf(db: Db, asked: readonly { readonly person: string; readonly team: Team }[]) {
  const people = new Map(
    (await listPeople(db)).filter(({ disabled_at }) => disabled_at === null).map((each) => [each.id, each]),
  )
  const seen = new Set<string>()
  return asked.map(({ person, team }, index) => {
    const known = people.get(person)
    if (known === undefined) throw invalid(`/members/${index}/person`, 'there is nobody of this id')
    if (seen.has(person)) throw invalid(`/members/${index}/person`, `${known.name} is in it already`)
    seen.add(person)
    return { id: person, name: known.name, team }
  })
}

function requireMember({ members }: SessionRow, actor: Actor | undefined): void {
  if (!members.some(({ id }) => id === actor?.id))
    throw new ServerError('forbidden', 'only those who were invited judge, until all is revealed')
}

function requireLevel({ levels }: SessionRow, level: string): void {
  if (!levels.includes(level)) throw invalid('/level', `one of ${levels.join(', ')}`)
}

function requireRevealed({ result }: SessionRow): SessionResult {
  if (result === null) throw new ServerError('conflict', 'it has not been revealed yet')
  return result
}

const mayReveal = ({ created_by }: SessionRow, actor: Actor | undefined): boolean =>
  actor?.kind === 'person' && (actor.id === created_by || actor.role === 'admin')

// --- Replies ---------------------------------------------------------------------------------------------------------

const sessionReply = (row: SessionRow, actor: Actor | undefined) => ({
  id: row.session_id,
  title: row.title,
  version: row.version,
  category: row.category,
  levels: row.levels,
  leads: row.leads,
  createdAt: toInstantText(row.created_at),
  createdBy: row.creator_name,
  revealedAt: orNull(row.revealed_at),
  revealedBy: row.revealed_by,
  members: row.members,
  isMember: row.members.some(({ id }) => id === actor?.id),
  mayReveal: mayReveal(row, actor),
  kappa: row.result?.levels.all.kappa ?? null,
})

const ratingReply = ({ place, level, would_call, reason }: RatingRow) => ({
  place,
  level,
  wouldCall: would_call,
  reason,
})

type Judged = { readonly row: LeadRow; readonly ratings: readonly RatingRow[] }

const judgedLead = ({ row: { place, level, outcome }, ratings }: Judged): JudgedLead => ({
  place,
  level,
  isGood: isGood(outcome),
  ratings: ratings.map((said) => ({ level: said.level, wouldCall: said.would_call, team: said.team })),
})

function revealedReply(row: LeadRow, ratings: readonly RatingRow[], levels: readonly string[]) {
  const { scores, criteria } = row.said
  return {
    place: row.place,
    lead: { id: row.lead_id, name: row.name },
    asOf: toInstantText(row.as_of),
    outcome: row.outcome,
    isGood: isGood(row.outcome),
    level: row.level,
    said: { scores, criteria: [...criteria] },
    disagreement: disagreementOf(judgedLead({ row, ratings }), levels),
    ratings: ratings.map((said) => ({
      person: said.person_id,
      name: said.person_name,
      team: said.team,
      level: said.level,
      wouldCall: said.would_call,
      reason: said.reason,
      comment: said.comment_id,
    })),
  }
}

const writableResult = ({ definition, outcome, definitionOutcome, ...rest }: SessionResult) => ({
  ...rest,
  definition: [...definition],
  outcome: [...outcome],
  definitionOutcome: [...definitionOutcome],
})
