import { orNull, toInstantText, type definitions } from '@winnow/contract'
import {
  diffDefinitions,
  formatPath,
  lintDefinition,
  parseDefinitionText,
  testDefinition,
  type Definition,
  type Instant,
  type Issue,
} from '@winnow/engine'
import { requireGate } from '../backtests/gate.ts'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import type { Cursors } from '../http/cursor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { jobReply } from '../jobs/reply.ts'
import { cancelJob, requireJob } from '../jobs/store.ts'
import type { Taking } from '../live/take.ts'
import { inTransaction } from '../live/transaction.ts'
import { sampleLeads } from '../leads/sample.ts'
import { counting } from '../proposals/agreement.ts'
import { openProposalOf, readSignatures, tell } from '../proposals/store.ts'
import { createInputs } from './inputs.ts'
import { NO_OUTLINE, outlineOf } from './outline.ts'
import { pinned } from './pin.ts'
import { agreedAlone, publish, type Publication } from './publish.ts'
import { referred } from './reference.ts'
import { trialResultReply } from './replies.ts'
import { sampleFacts } from './sample-facts.ts'
import { startTrial, type TrialRow } from './start-trial.ts'
import { readMoves, type MovePlace } from './trial-store.ts'
import {
  addDraft,
  countRestated,
  deleteDraft,
  findLive,
  listDrafts,
  listVersions,
  readStories,
  requireDraft,
  requireVersion,
  saveDraft,
  type DraftRow,
  type VersionRow,
  type VersionStory,
} from './versions.ts'

export interface DefinitionParts {
  readonly db: Db
  readonly taking: Taking
  readonly cursors: Cursors
  /** Told after a transaction that may have written into the outbox. */
  readonly changed?: () => void
}

export function definitionHandlers({
  db,
  taking,
  cursors,
  changed = () => {},
}: DefinitionParts): HandlersOf<typeof definitions> {
  const restatementOf = async (version: number | null) => {
    const { total, done } = await countRestated(db, version)
    return { version, total, done, isDone: done === total }
  }
  const inputs = createInputs(db)
  const live = async () => {
    const found = await taking.plans.live(taking.pool)
    return found && { version: found.version, definition: found.plan.definition }
  }
  const publishing = async (publication: Publication) => {
    const row = await publish(taking, { ...publication, agreed: agreedAlone(publication.replaces) })
    changed()
    const [reply] = await versionReplies(db, [row])
    return { ...reply!, restatement: await restatementOf(row.version) }
  }
  return {
    checkDefinition: ({ body: { text } }) => checkText(text),
    diffDefinitions: async ({ query: { from, to } }) => {
      const before = await definitionAt(db, from, 'query.from')
      const after = await definitionAt(db, to, 'query.to')
      const changes = diffDefinitions(before, after)
      return { changes: changes.map((change) => ({ ...change, path: formatPath(change.path) })) }
    },
    listDrafts: async () => ({ items: (await listDrafts(db)).map(draftListed) }),
    createDraft: async ({ body, actor, now, note }) => {
      const draftId = taking.newId()
      const basedOn = 'basedOn' in body ? body.basedOn : null
      const text = 'text' in body ? body.text : (await requireVersion(db, body.basedOn)).text
      await addDraft(db, { draftId, basedOn, name: body.name, text, by: actor?.name ?? null, now })
      note({ draft: draftId })
      return draftReply(await requireDraft(db, draftId))
    },
    getDraft: async ({ params }) => draftReply(await requireDraft(db, params.draft)),
    saveDraft: async ({ params, body, actor, now, note }) => {
      const saved = await saveAndTell(taking.pool, params.draft, { ...body, by: actor, now })
      const draft = draftReply(await requireDraft(db, params.draft))
      if (saved !== undefined) {
        note({ revision: draft.revision, ...(saved.withdrew && { withdrawn: saved.withdrew.proposal }) })
        if (saved.withdrew) changed()
        return { ...draft, withdrew: saved.withdrew && { signatures: saved.withdrew.signatures } }
      }
      throw new ServerError('conflict', 'somebody else has saved this draft meanwhile', {
        at: '/revision',
        details: { theirs: draft, yours: body },
      })
    },
    deleteDraft: async ({ params }) => {
      const { proposal } = await requireDraft(db, params.draft)
      if (proposal !== null) throw new ServerError('conflict', 'this draft is proposed: withdraw the proposal first')
      await inTransaction(taking.pool, (client) => deleteDraft(client, params.draft))
      return null
    },
    listVersions: async ({ query }) => ({
      items: await versionReplies(db, await listVersions(db, query.before)),
    }),
    getVersion: async ({ params }) => {
      const row = await requireVersion(db, params.version)
      const [reply] = await versionReplies(db, [row])
      return { ...reply!, text: row.text }
    },
    publishDraft: async ({ params, body, actor, now, note }) => {
      const draft = await requireDraft(db, params.draft)
      if (draft.revision !== body.revision) {
        throw new ServerError('conflict', 'the draft has been changed since you looked at it', {
          at: '/revision',
          details: { revision: draft.revision },
        })
      }
      await requireGate({ pool: taking.pool, now }, { text: draft.text, reason: body.gateReason })
      const published = await publishing({ ...body, text: draft.text, by: actor?.name ?? null })
      note({ version: published.version })
      return published
    },
    rollBack: async ({ params, body, actor, note }) => {
      const { version, text } = await requireVersion(db, params.version)
      const published = await publishing({ ...body, text, by: actor?.name ?? null, rollsBackTo: version })
      note({ published: published.version })
      return published
    },
    getRestatement: async () => restatementOf((await findLive(db))?.version ?? null),
    pinLead: ({ params, query, now }) => pinned({ db, pool: taking.pool }, { ...params, ...query, now }),
    startTrial: async ({ body: { text, weeks }, actor, now, note }) => {
      const row = await startTrial({ db, pool: taking.pool }, { id: taking.newId(), text, weeks, actor, now })
      note({ trial: row.job_id })
      return trialReply(row)
    },
    getTrial: async ({ params }) => trialReply(await requireJob(taking.pool, 'trial', params.trial)),
    cancelTrial: async ({ params, now }) => {
      await cancelJob(taking.pool, 'trial', params.trial, now)
      return trialReply(await requireJob(taking.pool, 'trial', params.trial))
    },
    listTrialMoves: async ({ params, query: { what, from, to, cursor, limit } }) => {
      const { job_id } = await requireJob(taking.pool, 'trial', params.trial)
      const list = JSON.stringify(['trial', job_id, what, from ?? null, to ?? null])
      const after = cursor === undefined ? undefined : (cursors.open(list, cursor) as MovePlace)
      const rows = await readMoves(taking.pool, job_id, { what, from, to, after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map((row) => ({
          lead: { id: row.lead_id, name: row.name, email: row.email },
          account: row.account_name,
          expectedValue: row.expected_value,
          from: row.from_value,
          to: row.to_value,
        })),
        ...(rows.length > limit && { next: cursors.seal(list, [last!.from_value, last!.to_value, last!.lead_id]) }),
      }
    },
    getOutline: async ({ query: { version } }) => {
      const { plans, pool } = taking
      const known = await (version === undefined ? plans.live(pool) : plans.ofVersion(pool, version))
      return known === undefined ? NO_OUTLINE : outlineOf(known.version, known.plan)
    },
    getInputs: async ({ now }) => inputs(await live(), now),
    getSample: async ({ query, now }) => {
      const { total, leads } = await sampleLeads(db, query)
      const known = await live()
      const sample = await sampleFacts(taking.pool, leads, known?.definition)
      return {
        asOf: toInstantText(now),
        version: known?.version ?? null,
        total,
        leads: [...sample.leads],
        isCut: sample.isCut,
        facts: sample.facts.map((fact) => ({ ...fact })),
      }
    },
  }
}

function checkText(text: string) {
  const parsed = parseDefinitionText(text)
  if (!parsed.ok) return { isUsable: false, name: null, issues: parsed.issues.map(issueReply), examples: [] }
  const { definition, source, issues } = parsed
  const lint = lintDefinition(definition).map((issue) => ({ ...issue, ...source.locate(issue.path, issue.about) }))
  const examples = testDefinition(definition).map(({ name, ok, mismatches, problems }) => ({
    name,
    ok,
    mismatches: [...mismatches],
    problems: [...problems],
  }))
  return { isUsable: true, name: definition.name, issues: [...issues, ...lint].map(issueReply), examples }
}

const issueReply = ({ severity, code, path, message, hint, line, column }: Issue) => ({
  severity,
  code,
  path: formatPath(path),
  message,
  ...(hint !== undefined && { hint }),
  ...(line !== undefined && { line }),
  ...(column !== undefined && { column }),
})

/** @param reference  `live`, `version:3`, `draft:<id>` */
async function definitionAt(db: Db, reference: string, at: string): Promise<Definition> {
  const parsed = parseDefinitionText((await referred(db, reference, at)).text)
  if (parsed.ok) return parsed.definition
  throw new ServerError('definition_invalid', `${reference} has errors`, { at, details: parsed.issues.map(issueReply) })
}

const draftListed = (row: Omit<DraftRow, 'text'>) => ({
  id: row.draft_id,
  name: row.name,
  revision: row.revision,
  basedOn: row.based_on,
  createdAt: toInstantText(row.created_at),
  updatedAt: toInstantText(row.updated_at),
  updatedBy: row.updated_by,
  proposal: row.proposal,
})
const draftReply = (row: DraftRow) => ({ ...draftListed(row), text: row.text })

async function versionReplies(db: Db, rows: readonly VersionRow[]) {
  const stories = await readStories(
    db,
    rows.map(({ version }) => version),
  )
  return rows.map((row) => versionReply(row, stories.get(row.version)!))
}

const versionReply = (row: VersionRow, { live_until, proposal_id, signatures }: VersionStory) => ({
  version: row.version,
  name: row.name,
  status: row.status as 'live' | 'retired',
  publishedAt: toInstantText(row.published_at),
  publishedBy: row.published_by,
  note: row.note,
  rollsBackTo: row.rolls_back_to,
  liveUntil: orNull(live_until),
  signedAs: row.signed_as,
  proposal: proposal_id,
  signatures: signatures.map((each) => ({ ...each, at: toInstantText(Date.parse(each.at)) })),
  gateReason: row.gate_reason,
  renews: row.renews,
})

interface Saved {
  readonly name: string
  readonly text: string
  readonly revision: number
  readonly by: Actor | undefined
  readonly now: Instant
}

/** @returns undefined where somebody else was first; what was proposed of another text, and is withdrawn now, with its signatures */
const saveAndTell = (pool: Taking['pool'], draft: string, { by: actor, ...saved }: Saved) =>
  inTransaction(pool, async (client) => {
    const id = await openProposalOf(client, draft)
    const before = id === undefined ? [] : counting(await readSignatures(client, [id]))
    if (!(await saveDraft(client, draft, { ...saved, by: actor?.name ?? null }))) return undefined
    // The database withdraws it by itself, whoever changes the text.
    if (id === undefined || (await openProposalOf(client, draft)) !== undefined) return { withdrew: null }
    const by = actor && { id: actor.id, name: actor.name }
    await tell(client, { proposal: id, kind: 'withdrawn', by, now: saved.now })
    return { withdrew: { proposal: id, signatures: before.length } }
  })

// --- Trials ----------------------------------------------------------------------------------------------------------

const trialReply = (row: TrialRow) => ({
  ...jobReply(row),
  asOf: toInstantText(row.input.asOf),
  version: row.input.version,
  result: row.result && trialResultReply(row.result, row.input),
})
