import { toInstantText, type definitions } from '@winnow/contract'
import {
  diffDefinitions,
  formatPath,
  lintDefinition,
  parseDefinitionText,
  testDefinition,
  type Definition,
  type Issue,
} from '@winnow/engine'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import { nameOf } from '../http/actor.ts'
import type { Cursors } from '../http/cursor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { jobReply } from '../jobs/reply.ts'
import { cancelJob, forgetJobs, insertJob, requireJob, type JobRow } from '../jobs/store.ts'
import { compileText } from '../live/plans.ts'
import type { Taking } from '../live/take.ts'
import { sampleLeads } from '../leads/sample.ts'
import { createInputs } from './inputs.ts'
import { NO_OUTLINE, outlineOf } from './outline.ts'
import { publish, type Publication } from './publish.ts'
import { sampleFacts } from './sample-facts.ts'
import type { TrialInput, TrialResult } from './trial-run.ts'
import { readMoves, type MovePlace } from './trial-store.ts'
import { STAGE, weekStarts } from './trial.ts'
import {
  addDraft,
  countRestated,
  deleteDraft,
  findLive,
  listDrafts,
  listVersions,
  requireDraft,
  requireVersion,
  saveDraft,
  type DraftRow,
  type VersionRow,
} from './versions.ts'

export interface DefinitionParts {
  readonly db: Db
  readonly taking: Taking
  readonly cursors: Cursors
}

const TRIAL_KEPT_MS = 86_400_000

export function definitionHandlers({ db, taking, cursors }: DefinitionParts): HandlersOf<typeof definitions> {
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
    const row = await publish(taking, publication)
    return { ...versionReply(row), restatement: await restatementOf(row.version) }
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
      const isSaved = await saveDraft(db, params.draft, { ...body, by: actor?.name ?? null, now })
      const draft = draftReply(await requireDraft(db, params.draft))
      if (isSaved) {
        note({ revision: draft.revision })
        return draft
      }
      throw new ServerError('conflict', 'somebody else has saved this draft meanwhile', {
        at: '/revision',
        details: { theirs: draft, yours: body },
      })
    },
    deleteDraft: async ({ params }) => {
      await requireDraft(db, params.draft)
      await deleteDraft(db, params.draft)
      return null
    },
    listVersions: async ({ query }) => ({ items: (await listVersions(db, query.before)).map(versionReply) }),
    getVersion: async ({ params }) => {
      const row = await requireVersion(db, params.version)
      return { ...versionReply(row), text: row.text }
    },
    publishDraft: async ({ params, body, actor, note }) => {
      const draft = await requireDraft(db, params.draft)
      if (draft.revision !== body.revision) {
        throw new ServerError('conflict', 'the draft has been changed since you looked at it', {
          at: '/revision',
          details: { revision: draft.revision },
        })
      }
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
    startTrial: async ({ body: { text, weeks }, actor, now, note }) => {
      compileText(text) // said now rather than by a job that fails
      await forgetJobs(taking.pool, 'trial', now - TRIAL_KEPT_MS)
      const known = await findLive(db)
      const input: TrialInput = {
        text,
        weeks,
        asOf: now,
        version: known?.version ?? null,
        liveText: known?.text ?? null,
      }
      const by = { id: actor?.id ?? null, name: nameOf(actor) }
      const row = await insertJob(db, { id: taking.newId(), kind: 'trial', input, by, now })
      note({ trial: row.job_id })
      return trialReply(row as TrialRow)
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
  const parsed = parseDefinitionText(await textAt(db, reference, at))
  if (parsed.ok) return parsed.definition
  throw new ServerError('definition_invalid', `${reference} has errors`, { at, details: parsed.issues.map(issueReply) })
}

async function textAt(db: Db, reference: string, at: string): Promise<string> {
  const [kind, id = ''] = reference.split(':')
  if (kind === 'version') return (await requireVersion(db, Number(id))).text
  if (kind === 'draft') {
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
      throw new ServerError('not_found', `there is no draft ${id}`, { at })
    return (await requireDraft(db, id)).text
  }
  const live = await findLive(db)
  if (live === undefined) throw new ServerError('no_definition', 'no version is live', { at })
  return live.text
}

const draftListed = (row: Omit<DraftRow, 'text'>) => ({
  id: row.draft_id,
  name: row.name,
  revision: row.revision,
  basedOn: row.based_on,
  createdAt: toInstantText(row.created_at),
  updatedAt: toInstantText(row.updated_at),
  updatedBy: row.updated_by,
})
const draftReply = (row: DraftRow) => ({ ...draftListed(row), text: row.text })

const versionReply = (row: VersionRow) => ({
  version: row.version,
  name: row.name,
  status: row.status as 'live' | 'retired',
  publishedAt: toInstantText(row.published_at),
  publishedBy: row.published_by,
  note: row.note,
  rollsBackTo: row.rolls_back_to,
})

// --- Trials ----------------------------------------------------------------------------------------------------------

type TrialRow = JobRow<TrialInput, TrialResult>

const trialReply = (row: TrialRow) => ({
  ...jobReply(row),
  asOf: toInstantText(row.input.asOf),
  version: row.input.version,
  result: row.result && resultReply(row.result, row.input),
})

function resultReply(
  { leads, moved, kept, before, after, moves, weeklyBefore, weeklyAfter }: TrialResult,
  { asOf, weeks }: TrialInput,
) {
  const none = Array.from({ length: weeks }, () => 0)
  const names = [...new Set([STAGE, ...Object.keys(moves)])]
  const stages = [...new Set([...Object.keys(weeklyBefore), ...Object.keys(weeklyAfter)])]
  return {
    leads,
    moved,
    kept,
    changes: names.map((what) => ({
      what,
      before: before[what] ?? {},
      after: after[what] ?? {},
      moves: Object.entries(moves[what] ?? {}).flatMap(([from, tos]) =>
        Object.entries(tos).map(([to, count]) => ({ from, to, count })),
      ),
    })),
    weeks: weekStarts({ asOf, weeks }).map(toInstantText),
    weekly: stages.map((stage) => ({ stage, before: weeklyBefore[stage] ?? none, after: weeklyAfter[stage] ?? none })),
  }
}
