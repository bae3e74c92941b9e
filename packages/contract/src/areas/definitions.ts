/** Definitions: drafts, versions, publishing. */
import { z } from 'zod'
import { factValue, instant, instantText, page, paging, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { job, leadParams, textQuery } from './shared.ts'

const text = z.string().min(1).max(1_048_576).describe('YAML or JSON')
const draftParams = z.object({ draft: uuid })
const versionParams = z.object({ version: z.coerce.number().int().min(1).max(1_000_000) })

const issue = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  path: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
})

const draftListed = z.object({
  id: uuid,
  name: z.string(),
  revision: z.number().int(),
  basedOn: z.number().int().nullable().describe('The version that it began as'),
  createdAt: instantText,
  updatedAt: instantText,
  updatedBy: z.string().nullable(),
  proposal: z
    .object({ id: uuid, state: z.enum(['proposed', 'scheduled']), signatures: z.number().int() })
    .nullable()
    .describe('What has been proposed of it and is neither live nor withdrawn: changing the text withdraws it'),
})
const draft = draftListed.extend({ text: z.string() })

const versionListed = z.object({
  version: z.number().int(),
  name: z.string(),
  status: z.enum(['live', 'retired']),
  publishedAt: instantText,
  publishedBy: z.string().nullable(),
  note: z.string().nullable(),
  rollsBackTo: z.number().int().nullable().describe('The older version whose text it is'),
  liveUntil: instantText.nullable().describe('When the next one took its place; null for the latest'),
  signedAs: z
    .enum(['both', 'alone', 'first'])
    .nullable()
    .describe(
      '`both`: marketing and sales have signed it. `alone`: one person was enough. `first`: it was the very first. Null: from before versions were signed',
    ),
  proposal: uuid.nullable().describe('What was signed, and talked about'),
  signatures: z.array(
    z.object({ side: z.enum(['marketing', 'sales']), name: z.string(), at: instantText, isAlone: z.boolean() }),
  ),
  gateReason: z.string().nullable().describe('Why it went live against the capacity gate'),
  renews: z
    .number()
    .int()
    .nullable()
    .describe(
      'The version that says the same: this one was published by itself when activities were forgotten, and nobody signs again',
    ),
})

const restatement = z.object({
  version: z.number().int().nullable(),
  total: z.number().int().describe('Leads, or groups of leads where accounts are looked at together'),
  done: z.number().int(),
  isDone: z.boolean(),
})

const published = versionListed.extend({ restatement })

const note = z.string().trim().min(1).max(2_000)
const gateReason = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .nullable()
  .optional()
  .describe('Why it goes live against the capacity gate; kept with the version')
const replaces = z
  .number()
  .int()
  .nullable()
  .describe('The version that is live as far as you know; null for none. Refused where it is another by now')

const reference = textQuery(50)
  .regex(/^(?:live|version:\d{1,7}|draft:[0-9a-f-]{36})$/)
  .describe('`live`, `version:3` or `draft:<id>`')

const trialParams = z.object({ trial: uuid })
const perLevel = z.record(z.string(), z.number().int())
export const trialResult = z.object({
  leads: z.number().int(),
  moved: z.number().int().describe('Leads whose stage or level would be another'),
  kept: z
    .number()
    .int()
    .describe('Leads that would be at an earlier stage: publishing leaves them where they are, and so does this'),
  changes: z
    .array(
      z.object({
        what: z.string().describe('A category, or `stage`'),
        before: perLevel,
        after: perLevel,
        moves: z
          .array(z.object({ from: z.string(), to: z.string(), count: z.number().int() }))
          .describe('All, also those that stay; an empty text for what only one of the two has'),
      }),
    )
    .describe('`stage` first'),
  weeks: z.array(instantText).describe('The beginning of each week, the oldest first'),
  weekly: z
    .array(z.object({ stage: z.string(), before: z.array(z.number().int()), after: z.array(z.number().int()) }))
    .describe('How many leads came to each stage in each week, had either been live all along'),
})
const trial = job.extend({
  asOf: instantText,
  version: z.number().int().nullable().describe('The live version that it is compared with'),
  result: trialResult.nullable().describe('Null until it is done'),
})

const uses = z.array(z.string()).describe('Places in the live version that look at it')

const named = z.object({ name: z.string(), label: z.string() })
const owner = z.enum(['marketing', 'sales']).nullable()

const outline = z.object({
  version: z.number().int().nullable().describe('Null while no version is live: everything is empty then'),
  name: z.string().nullable(),
  currency: z.string().nullable().describe('Of all amounts; null where the definition has no value'),
  categories: z.array(
    named.extend({
      isMatrix: z.boolean().describe('Its levels come from two other categories'),
      isRanked: z
        .boolean()
        .describe('Its levels stand on scores or other levels; otherwise they are kinds, such as origins'),
      levels: z.array(named).describe('Best first'),
    }),
  ),
  stages: z.array(
    named.extend({
      owner,
      sla: z.string().nullable(),
      isSide: z.boolean().describe('Off the path: recycled, disqualified, lost'),
      isFinal: z.boolean().describe('Won'),
      by: z.array(z.string()).describe('The decisions that lead here'),
      reasons: z.array(z.string()).describe('To choose from, for those decisions'),
    }),
  ),
  scores: z.array(
    named.extend({
      range: z.tuple([z.number(), z.number()]),
      groups: z.array(
        named.extend({
          cap: z.number().nullable(),
          floor: z.number().nullable(),
          criteria: z.array(
            named.extend({
              sentence: z.string(),
              attribute: z.string().nullable().describe('The one attribute that it looks at, where it is one'),
            }),
          ),
        }),
      ),
    }),
  ),
  personas: z.array(named),
  attributes: z.array(
    named.extend({
      type: z.enum(['text', 'number', 'boolean', 'choice', 'choices', 'date']),
      about: z.enum(['lead', 'account']),
      choices: z.array(z.string()),
      unit: z.string().nullable(),
      topic: z.string().nullable().describe('The discovery topic that it answers'),
      question: z.string().nullable(),
    }),
  ),
  activities: z.array(named.extend({ intent: z.enum(['high', 'medium', 'low', 'negative']).nullable() })),
  playbooks: z.array(z.object({ name: z.string(), title: z.string(), owner, steps: z.array(z.string()) })),
})

const EXAMPLE_TEXT = 'winnow: 1\nname: B2B software, inbound\n…'

export const definitions = endpoints({
  checkDefinition: {
    method: 'POST',
    path: '/api/definitions/check',
    summary: 'Check a text: errors, warnings, and its own examples',
    access: 'definitions:read',
    rate: 'write',
    bodyMax: 2 * 1024 * 1024,
    body: z.strictObject({ text }),
    reply: z.object({
      isUsable: z.boolean().describe('It has no errors'),
      name: z.string().nullable(),
      issues: z.array(issue),
      examples: z.array(
        z.object({
          name: z.string(),
          ok: z.boolean(),
          mismatches: z.array(z.object({ what: z.string(), expected: z.unknown(), actual: z.unknown() })),
          problems: z.array(z.string()),
        }),
      ),
    }),
    example: { body: { text: EXAMPLE_TEXT } },
  },
  diffDefinitions: {
    method: 'GET',
    path: '/api/definitions/diff',
    summary: 'Tell two definitions apart, in words',
    access: 'definitions:read',
    rate: 'read',
    query: z.strictObject({ from: reference.default('live'), to: reference }),
    reply: z.object({
      changes: z.array(
        z.object({
          kind: z.enum(['added', 'removed', 'changed', 'moved']),
          area: z.string(),
          path: z.string(),
          sentence: z.string(),
        }),
      ),
    }),
    example: { query: { from: 'version:2', to: 'live' } },
  },

  listDrafts: {
    method: 'GET',
    path: '/api/definitions/drafts',
    summary: 'List drafts, the latest changed first',
    access: 'definitions:read',
    rate: 'read',
    reply: z.object({ items: z.array(draftListed) }),
  },
  createDraft: {
    method: 'POST',
    path: '/api/definitions/drafts',
    summary: 'Begin a draft',
    description: 'With the text given, or that of a version.',
    access: 'definitions:write',
    rate: 'write',
    audit: 'draft.add',
    status: 201,
    bodyMax: 2 * 1024 * 1024,
    body: z.union([
      z.strictObject({ name: z.string().trim().min(1).max(200), text }),
      z.strictObject({ name: z.string().trim().min(1).max(200), basedOn: z.number().int().min(1).max(1_000_000) }),
    ]),
    reply: draft,
    example: { body: { name: 'Lower the threshold', basedOn: 3 } },
  },
  getDraft: {
    method: 'GET',
    path: '/api/definitions/drafts/:draft',
    summary: 'See a draft',
    access: 'definitions:read',
    rate: 'read',
    params: draftParams,
    reply: draft,
  },
  saveDraft: {
    method: 'PUT',
    path: '/api/definitions/drafts/:draft',
    summary: 'Save a draft',
    description: `\`revision\` is the one that was changed. Where somebody else has saved another meanwhile, this is refused
with \`conflict\`, and \`details\` holds both: \`theirs\` and \`yours\`. Another text withdraws what has been proposed of the
draft, with its signatures; \`withdrew\` says so.`,
    access: 'definitions:write',
    rate: 'write',
    audit: 'draft.save',
    bodyMax: 2 * 1024 * 1024,
    params: draftParams,
    body: z.strictObject({ revision: z.number().int().min(1), name: z.string().trim().min(1).max(200), text }),
    reply: draft.extend({
      withdrew: z
        .object({ signatures: z.number().int() })
        .nullable()
        .describe('The text is another than the one proposed: the proposal and its signatures are withdrawn'),
    }),
  },
  deleteDraft: {
    method: 'DELETE',
    path: '/api/definitions/drafts/:draft',
    summary: 'Throw a draft away',
    description: 'Refused while it is proposed: withdraw that first.',
    access: 'definitions:write',
    rate: 'write',
    audit: 'draft.delete',
    status: 204,
    params: draftParams,
    reply: z.null(),
  },

  listVersions: {
    method: 'GET',
    path: '/api/definitions/versions',
    summary: 'List published versions, newest first',
    access: 'definitions:read',
    rate: 'read',
    query: z.strictObject({ before: z.coerce.number().int().min(1).max(1_000_000).optional() }),
    reply: z.object({ items: z.array(versionListed) }),
  },
  getVersion: {
    method: 'GET',
    path: '/api/definitions/versions/:version',
    summary: 'See a version',
    access: 'definitions:read',
    rate: 'read',
    params: versionParams,
    reply: versionListed.extend({ text: z.string() }),
  },
  publishDraft: {
    method: 'POST',
    path: '/api/definitions/drafts/:draft/publish',
    summary: 'Publish a draft',
    description: `It is live at once for everything that comes in. Leads that nothing happens to are restated in the
background; \`/api/definitions/restatement\` says how far that is. The draft stays. Only where one person is enough (the working mode),
and for the very first version: otherwise refused with \`signatures_missing\`, and the draft has to be proposed.`,
    access: 'definitions:publish',
    rate: 'write',
    audit: 'definition.publish',
    status: 201,
    params: draftParams,
    body: z.strictObject({
      revision: z.number().int().min(1).describe('The one that was looked at'),
      replaces,
      note,
      gateReason,
    }),
    reply: published,
    example: { body: { revision: 4, replaces: 3, note: 'Agreed on 3 March: 40 points are enough.' } },
  },
  rollBack: {
    method: 'POST',
    path: '/api/definitions/versions/:version/publish',
    summary: 'Publish the text of an older version again',
    description: `As a version of its own: history is never rewritten. This also cancels a restatement. Only where one person is
enough, like publishing a draft.`,
    access: 'definitions:publish',
    rate: 'write',
    audit: 'definition.roll_back',
    status: 201,
    params: versionParams,
    body: z.strictObject({ replaces, note, gateReason }),
    reply: published,
  },
  getRestatement: {
    method: 'GET',
    path: '/api/definitions/restatement',
    summary: 'See how many leads the live version has assessed',
    access: 'definitions:read',
    rate: 'read',
    reply: restatement,
  },

  getOutline: {
    method: 'GET',
    path: '/api/definitions/outline',
    summary: 'See what a version calls things, and in what order',
    description: `What a screen needs to show leads: levels with their ranks, stages, what people call each, reasons to choose
from. A \`label\` is never empty: where the definition is silent it is made from the name.`,
    access: 'definitions:read',
    rate: 'read',
    query: z.strictObject({
      version: z.coerce.number().int().min(1).max(1_000_000).optional().describe('The live one where not given'),
    }),
    reply: outline,
  },
  getInputs: {
    method: 'GET',
    path: '/api/definitions/inputs',
    summary: 'See what there is to write a definition from',
    description: `Every attribute that leads and accounts have: how many have it, its most frequent values, how numbers are
spread. Every raw event of the last 30 days: how often, by how many leads. And what the live version does with each. Where there
are more than 20,000 leads, so many are looked at and the rest reckoned from them (\`isEstimate\`). Made anew at most once a minute.`,
    access: 'leads:read',
    rate: 'read',
    reply: z.object({
      asOf: instantText,
      version: z.number().int().nullable().describe('The live one'),
      leads: z.number().int(),
      accounts: z.number().int(),
      isEstimate: z.boolean(),
      attributes: z.array(
        z.object({
          name: z.string(),
          about: z.enum(['lead', 'account']),
          known: z.number().int().describe('So many leads, or accounts, have it'),
          distinct: z.number().int().describe('Different values among those looked at'),
          types: z.record(z.string(), z.number().int()).describe('text, number, boolean, list: how many of each'),
          values: z.array(z.object({ value: factValue, count: z.number().int() })).describe('The most frequent, to 20'),
          quantiles: z
            .array(z.number())
            .nullable()
            .describe('Of numbers: the least, then in steps of 5 % up to the greatest'),
          defined: z
            .object({ type: z.string(), label: z.string().nullable(), uses })
            .nullable()
            .describe('Null where the live version does not know it'),
        }),
      ),
      activities: z.array(
        z.object({
          type: z.string().describe('As sources call it'),
          count: z.number().int(),
          leads: z.number().int(),
          lastAt: instantText.nullable(),
          defined: z.array(z.object({ name: z.string(), label: z.string().nullable(), hasTests: z.boolean(), uses })),
        }),
      ),
    }),
  },
  getSample: {
    method: 'GET',
    path: '/api/definitions/sample',
    summary: 'Get facts of some leads, to try a definition on them',
    description: `Chosen by \`seed\`, the same for the same seed as long as nobody joins or leaves. Facts are as the engine takes them,
with ids of their own: what tells who somebody is (names, addresses, reasons in words) is left out, unless the live version scores
it. Facts of colleagues come along, for tests of accounts; \`leads\` names those that were chosen.`,
    access: 'leads:read',
    rate: 'read',
    query: z.strictObject({
      size: z.coerce.number().int().min(1).max(2_000).default(500),
      seed: textQuery(50).default('1'),
    }),
    reply: z.object({
      asOf: instantText,
      version: z.number().int().nullable(),
      total: z.number().int().describe('Leads that could have been chosen: by this over `leads` counts are multiplied'),
      leads: z.array(z.string()),
      isCut: z.boolean().describe('Not all colleagues came along'),
      facts: z.array(z.record(z.string(), z.unknown())),
    }),
    example: { query: { size: 500 } },
  },

  pinLead: {
    method: 'GET',
    path: '/api/leads/:lead/example',
    summary: 'Tell a lead as an example of a definition, without who it is',
    description: `An item for the \`examples\` of the definition named: what has become known and happened, as far as the definition
looks at it, with the levels and the stage that it gives the lead. Names of people and companies, addresses and times of day are not in
it; texts that somebody wrote are replaced by what the definition looks for in them, or by \`text 1\`. Nothing is changed: put it into a
draft, and say otherwise in \`expect\` what should come out. Refused with \`example_impossible\` where it cannot be told so that it is
judged alike.`,
    access: 'leads:read',
    rate: 'read',
    params: leadParams,
    query: z.strictObject({
      definition: reference.default('live'),
      at: instant.optional().describe('As the lead was then; now where not given'),
      knownAt: instant.optional().describe('From what had been received by then; by `at` where not given'),
      name: textQuery(200).default('A lead of ours').describe('One sentence: what it shows'),
    }),
    reply: z.object({
      example: z.object({
        name: z.string(),
        as_of: z.string(),
        facts: z.array(z.record(z.string(), z.unknown())),
        expect: z.object({ levels: z.record(z.string(), z.string()).optional(), stage: z.string().optional() }),
      }),
      replaced: z
        .array(z.string())
        .describe('Attributes and properties of which something else is said than there was'),
      leftOut: z.number().int().describe('Facts that decide nothing'),
    }),
    example: { params: { lead: '0d9c1c53-3f5e-4c8a-9a63-53d4d1f3c2aa' }, query: { definition: 'live' } },
  },

  startTrial: {
    method: 'POST',
    path: '/api/definitions/trial',
    summary: 'Try a text on all leads, beside the live version',
    description: `Runs in the background and changes nothing: ask how far it is. Kept for a day.`,
    access: 'definitions:write',
    rate: 'write',
    audit: 'definition.try',
    status: 202,
    bodyMax: 2 * 1024 * 1024,
    body: z.strictObject({ text, weeks: z.number().int().min(1).max(52).default(12) }),
    reply: trial,
    example: { body: { text: EXAMPLE_TEXT, weeks: 12 } },
  },
  getTrial: {
    method: 'GET',
    path: '/api/definitions/trial/:trial',
    summary: 'Say how far a trial is, and what came of it',
    access: 'definitions:read',
    rate: 'read',
    params: trialParams,
    reply: trial,
  },
  cancelTrial: {
    method: 'POST',
    path: '/api/definitions/trial/:trial/cancel',
    summary: 'Stop a trial',
    access: 'definitions:write',
    rate: 'write',
    audit: 'definition.stop_trying',
    params: trialParams,
    reply: trial,
  },
  listTrialMoves: {
    method: 'GET',
    path: '/api/definitions/trial/:trial/leads',
    summary: 'List the leads that would be elsewhere',
    access: 'leads:read',
    rate: 'read',
    params: trialParams,
    query: z.strictObject({
      ...paging,
      what: textQuery(200).default('stage').describe('A category, or `stage`'),
      from: z.string().max(200).optional(),
      to: z.string().max(200).optional(),
    }),
    reply: page(
      z.object({
        lead: z.object({ id: uuid, name: z.string().nullable(), email: z.string().nullable() }),
        account: z.string().nullable(),
        expectedValue: z.number().nullable().describe('By the live version'),
        from: z.string(),
        to: z.string(),
      }),
    ),
  },
})
