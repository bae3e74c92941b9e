/** Backtests: what definitions would have said of what really happened, and whether sales could have taken it. */
import type { BacktestResult, Figure, GateLine } from '@winnow/engine'
import { z } from 'zod'
import { forgotten, instant, instantText, name, page, paging, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { explanation } from './leads.ts'
import { job, textQuery } from './shared.ts'

const VERSIONS_MAX = 4

const version = z.union([
  textQuery(50)
    .regex(/^(?:live|version:\d{1,7}|draft:[0-9a-f-]{36})$/)
    .describe('`live`, `version:3` or `draft:<id>`'),
  z.strictObject({ name: z.string().trim().min(1).max(200), text: z.string().min(1).max(1_048_576) }),
])

const stageOrLevel = textQuery(200)
const index = z
  .number()
  .int()
  .min(0)
  .max(VERSIONS_MAX - 1)
const outcome = z.enum(['won', 'lost', 'accepted', 'rejected', 'disqualified']).optional()
const week = instant.optional().describe('Its Monday, 00:00 UTC')

/** The address of a number: what stands behind it can be asked for. */
const figure = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stage'), version: index, stage: stageOrLevel, week }),
  z.strictObject({
    kind: z.literal('level'),
    version: index,
    category: stageOrLevel,
    level: stageOrLevel,
    week,
    outcome,
  }),
  z.strictObject({ kind: z.literal('handover'), version: index, outcome, week }),
  z.strictObject({ kind: z.literal('wins'), version: index, handedOver: z.boolean().optional(), week }),
  z.strictObject({
    kind: z.literal('band'),
    version: index,
    score: stageOrLevel,
    from: z.number(),
    to: z.number(),
    outcome,
  }),
  z.strictObject({ kind: z.literal('threshold'), version: index, score: stageOrLevel, at: z.number(), outcome }),
  z.strictObject({ kind: z.literal('captured'), version: index, perWeek: z.number().min(0) }),
  z.strictObject({ kind: z.literal('returning'), version: index }),
  z.strictObject({
    kind: z.literal('split'),
    version: index,
    attribute: stageOrLevel,
    value: z.string().max(10_000).nullable(),
  }),
  z.strictObject({
    kind: z.literal('migration'),
    version: index,
    category: stageOrLevel,
    from: z.string().max(200),
    to: z.string().max(200),
  }),
  z.strictObject({ kind: z.literal('missed'), version: index }),
  z.strictObject({ kind: z.literal('falseAlarms'), version: index }),
])

export type BacktestFigure = Figure

const figureQuery = z
  .string()
  .min(1)
  .max(12_000)
  .transform((text, context): BacktestFigure => {
    const read = figure.safeParse(jsonOf(text))
    if (read.success) return read.data as BacktestFigure
    for (const { message, path } of read.error.issues) context.addIssue({ code: 'custom', message, path })
    return z.NEVER
  })
  .meta({
    description: 'JSON: `{"kind":"handover","version":0,"outcome":"won"}`; instants in it as ISO 8601',
    examples: ['{"kind":"handover","version":0,"outcome":"won"}'],
  })

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The engine's own types: see `packages/engine/src/backtest/result.ts`. Instants in them are milliseconds since 1970, UTC. */
const resultOf = <T>(description: string) => z.looseObject({}).describe(description) as unknown as z.ZodType<T, T>
const result = resultOf<BacktestResult>(
  'Everything that was counted, each figure as `{ value, low, high, count }`; instants are milliseconds since 1970, UTC',
)
const gateLine = resultOf<GateLine>(
  '`{ team, stage, capacity, expected: { value, low, high, count }, verdict: starved | balanced | flooded | unclear, proposal }`',
)
const estimate = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  count: z.number().int(),
})

const request = z.object({
  from: instantText,
  to: instantText,
  horizonDays: z.number(),
  known: z.enum(['received', 'happened']),
  segment: z.object({ id: uuid.nullable(), name: z.string().nullable(), query: z.string() }).nullable(),
  source: z.string().nullable(),
  handover: z.string().nullable(),
  splitBy: z.array(z.string()),
  seed: z.number().int(),
  holidays: z.array(z.string()),
  workdays: z.array(z.number().int()),
  reps: z.record(z.string(), z.number()).nullable(),
})

const listed = job.extend({
  name: z.string(),
  purpose: z.enum(['question', 'gate']).describe('`gate`: run to see whether a draft fits capacity'),
  request,
  versions: z
    .array(
      z.object({
        name: z.string(),
        reference: z.string().describe('`version:3`, `draft:<id>` or `text`'),
        revision: z.number().int().nullable().describe('Of the draft'),
        hash: z.string().describe('SHA-256 of its text'),
      }),
    )
    .describe('In the order of `result.versions`; texts are kept as they were'),
  watermark: instantText.describe('What was received later does not count'),
  rerunOf: uuid.nullable(),
  headline: z
    .array(
      z.object({
        handedOver: z.number().int(),
        precision: estimate,
        recall: estimate,
      }),
    )
    .nullable()
    .describe('Of each version; null until it is done'),
})

const backtest = listed.extend({ forgotten, result: result.nullable().describe('Null until it is done') })

const TABLES = [
  'figures',
  'weeks',
  'funnel',
  'levels',
  'leadTime',
  'bands',
  'calibration',
  'captured',
  'lift',
  'missed',
  'falseAlarms',
  'flapping',
  'splits',
  'thresholds',
  'gate',
  'load',
  'comparison',
  'migration',
] as const
export type BacktestTable = (typeof TABLES)[number]

const holidays = z
  .array(z.iso.date())
  .max(500)
  .default([])
  .describe('Days on which nobody takes leads: taken off the capacity of their weeks')
const workdays = z
  .array(z.number().int().min(1).max(7))
  .min(1)
  .max(7)
  .default([1, 2, 3, 4, 5])
  .describe('Days of the week on which teams work, 1 (Monday) to 7')

const PEOPLE_MAX = 10_000
const reps = z
  .record(z.string().min(1).max(200), z.number().int().min(1).max(PEOPLE_MAX))
  .refine((teams) => Object.keys(teams).length <= 20, 'at most 20 teams')
  .optional()
  .describe('How many people of each team take leads: what a week comes to is told for each of them (`load`)')

const params = z.object({ backtest: uuid })
const draftParams = z.object({ draft: uuid })
const EXAMPLE = '5a0c7a0e-2f0b-4a52-9a6b-0c6d8f1f6b3d'

const gate = z.object({
  draft: uuid,
  revision: z.number().int().nullable().describe('Of the draft when it was run; null where it never was'),
  isCurrent: z.boolean().describe('The draft is still as it was then, and that is no more than a week ago'),
  needsReason: z
    .boolean()
    .describe('Publishing this draft now is refused without `gateReason`: a line is starved or flooded'),
  weeks: z.number().int().nullable(),
  backtest: job.nullable().describe('The backtest behind it; its result has everything else'),
  lines: z.array(gateLine).nullable().describe('Null until it is done; empty where the definition says no `capacity`'),
})

export const backtests = endpoints({
  startBacktest: {
    method: 'POST',
    path: '/api/backtests',
    summary: 'Backtest one or several definitions',
    description: `Every lead of the segment is replayed from its first fact on, by each version, knowing at each instant only
what was known then (\`received\`; \`happened\` is for history that was imported later). Runs in the background, changes nothing
and is kept until somebody deletes it. Versions after the first are compared with the first. The last week before \`to\` that has
not ended, and entries whose horizon is not over, are left out of rates.`,
    access: 'definitions:write',
    rate: 'write',
    audit: 'backtest.start',
    status: 202,
    bodyMax: 5 * 1024 * 1024,
    body: z.strictObject({
      name: z.string().trim().min(1).max(200).optional().describe('Made from the versions where not given'),
      versions: z.array(version).min(1).max(VERSIONS_MAX).default(['live']),
      from: instant.optional().describe('A year before `to` where not given'),
      to: instant.optional().describe('Now where not given'),
      horizonDays: z.number().int().min(1).max(1_000).default(90).describe('How long after an entry an outcome counts'),
      known: z.enum(['received', 'happened']).default('received'),
      segment: z
        .union([uuid, z.string().max(10_000)])
        .optional()
        .describe('The id of a saved segment, or filters as the list of leads takes them: `level=fit:a&source=news`'),
      source: z.string().min(1).max(1_000).optional().describe('Of the first touch'),
      handover: z.string().min(1).max(200).optional().describe('The stage that hands over to sales'),
      splitBy: z.array(name).max(5).default([]),
      seed: z.number().int().min(0).max(4_294_967_295).default(1),
      holidays,
      workdays,
      reps,
    }),
    reply: backtest,
    example: {
      body: { versions: ['version:1', 'version:2'], from: '2025-06-01T00:00:00Z', to: '2026-06-01T00:00:00Z' },
    },
  },
  listBacktests: {
    method: 'GET',
    path: '/api/backtests',
    summary: 'List backtests, newest first',
    access: 'definitions:read',
    rate: 'read',
    query: z.strictObject({ ...paging, purpose: z.enum(['question', 'gate']).default('question') }),
    reply: page(listed),
  },
  getBacktest: {
    method: 'GET',
    path: '/api/backtests/:backtest',
    summary: 'See a backtest: how far it is, what was asked, what came of it',
    description: 'Leads are in it by their ids alone; who they are is asked for with `/leads`.',
    access: 'definitions:read',
    rate: 'read',
    params,
    reply: backtest,
    example: { params: { backtest: EXAMPLE } },
  },
  cancelBacktest: {
    method: 'POST',
    path: '/api/backtests/:backtest/cancel',
    summary: 'Stop a backtest',
    access: 'definitions:write',
    rate: 'write',
    audit: 'backtest.stop',
    params,
    reply: backtest,
    example: { params: { backtest: EXAMPLE } },
  },
  deleteBacktest: {
    method: 'DELETE',
    path: '/api/backtests/:backtest',
    summary: 'Delete a backtest',
    access: 'definitions:write',
    rate: 'write',
    audit: 'backtest.delete',
    status: 204,
    params,
    reply: z.null(),
    example: { params: { backtest: EXAMPLE } },
  },
  rerunBacktest: {
    method: 'POST',
    path: '/api/backtests/:backtest/rerun',
    summary: 'Run a backtest again, as one of its own',
    description: `With the texts that it had. \`same\` counts what had been received by its watermark, and comes to the same
figures unless leads were merged, excluded or erased meanwhile; \`now\` counts everything.`,
    access: 'definitions:write',
    rate: 'write',
    audit: 'backtest.start',
    status: 202,
    params,
    body: z.strictObject({ watermark: z.enum(['same', 'now']).default('now') }),
    reply: backtest,
    example: { params: { backtest: EXAMPLE }, body: { watermark: 'same' } },
  },
  listBacktestLeads: {
    method: 'GET',
    path: '/api/backtests/:backtest/leads',
    summary: 'List the leads behind a figure, the earliest first',
    description: 'Who has been erased since is left out; `total` counts them still.',
    access: 'leads:read',
    rate: 'read',
    params,
    query: z.strictObject({ ...paging, figure: figureQuery }),
    reply: page(
      z.object({
        lead: z.object({ id: uuid, name: z.string().nullable(), email: z.string().nullable() }),
        account: z.object({ id: uuid, name: z.string().nullable() }).nullable(),
        at: instantText.describe('When it entered; ask for its explanation with it'),
        levels: z.record(z.string(), z.string()).describe('Then, by category, and `stage`'),
        points: z.record(z.string(), z.number()).describe('By score, when it was handed over or won; otherwise empty'),
        outcome: outcome.unwrap().nullable().describe('What became of it'),
        amount: z.number().nullable().describe('Of the win'),
      }),
    ).extend({ total: z.number().int() }),
    example: {
      params: { backtest: EXAMPLE },
      query: { figure: '{"kind":"handover","version":0,"outcome":"won"}' },
    },
  },
  explainBacktestLead: {
    method: 'GET',
    path: '/api/backtests/:backtest/leads/:lead/explanation',
    summary: 'Say why a lead was what it was, by a version of a backtest',
    description: `As \`/api/leads/:lead/explanation\`, also for drafts and texts that nobody has published: \`version\` is 0 then.
What was known is what the backtest let be known.`,
    access: 'leads:read',
    rate: 'read',
    params: z.object({ backtest: uuid, lead: uuid }),
    query: z.strictObject({
      version: z.coerce
        .number()
        .int()
        .min(0)
        .max(VERSIONS_MAX - 1)
        .default(0)
        .describe('Place in `versions`'),
      at: instant,
    }),
    reply: explanation,
    example: {
      params: { backtest: EXAMPLE, lead: '0d9c1c53-3f5e-4c8a-9a63-53d4d1f3c2aa' },
      query: { version: 0, at: '2026-03-01T10:00:00Z' },
    },
  },
  readThreshold: {
    method: 'GET',
    path: '/api/backtests/:backtest/threshold',
    summary: 'Say what another threshold would have come to',
    description:
      'Read from the result: nothing is replayed. The same stands in `result.versions[…].thresholds`, for all at once.',
    access: 'definitions:read',
    rate: 'read',
    params,
    query: z.strictObject({
      version: z.coerce
        .number()
        .int()
        .min(0)
        .max(VERSIONS_MAX - 1)
        .default(0),
      score: textQuery(200),
      at: z.coerce.number().int().min(0).max(100),
    }),
    reply: z.object({
      score: z.string(),
      at: z.number().int(),
      entered: z.number().int(),
      won: estimate.describe('Of those whose horizon is over, the share that was won'),
      recall: estimate.describe('Of wins in the period, the share that had reached it before'),
      revenue: z.number(),
      perWeek: z.number().describe('Entries of the middle week'),
      perBusyWeek: z.number().describe('Entries of the busiest of twenty weeks'),
    }),
    example: { params: { backtest: EXAMPLE }, query: { score: 'engagement', at: 40 } },
  },
  downloadBacktestTable: {
    method: 'GET',
    path: '/api/backtests/:backtest/tables/:table',
    summary: 'Download a table of a backtest',
    description: `CSV in UTF-8, one line a figure, of all versions: ${TABLES.join(', ')}.`,
    access: 'definitions:read',
    rate: 'read',
    params: z.object({ backtest: uuid, table: z.enum(TABLES) }),
    reply: z.string(),
    media: { reply: 'text/csv' },
    example: { params: { backtest: EXAMPLE, table: 'levels' } },
  },
  downloadBacktest: {
    method: 'GET',
    path: '/api/backtests/:backtest/download',
    summary: 'Download a backtest as JSON: what was asked, texts, hashes, watermark, seed, result',
    access: 'definitions:read',
    rate: 'read',
    params,
    reply: backtest.extend({ texts: z.array(z.string()).describe('Of the versions, in their order') }),
    example: { params: { backtest: EXAMPLE } },
  },

  runGate: {
    method: 'POST',
    path: '/api/definitions/drafts/:draft/gate',
    summary: 'See whether marketing could deliver enough by a draft, and sales take it',
    description: `Backtests the draft over the last weeks and sets what comes to each stage against \`capacity\`. One that is
running for the same revision is answered instead of starting another.`,
    access: 'definitions:write',
    rate: 'write',
    audit: 'draft.gate',
    status: 202,
    params: draftParams,
    body: z.strictObject({
      weeks: z.number().int().min(4).max(104).default(26),
      known: z.enum(['received', 'happened']).default('received'),
      holidays,
      workdays,
    }),
    reply: gate,
    example: { params: { draft: EXAMPLE }, body: { weeks: 26 } },
  },
  getGate: {
    method: 'GET',
    path: '/api/definitions/drafts/:draft/gate',
    summary: 'See the latest capacity gate of a draft',
    access: 'definitions:read',
    rate: 'read',
    params: draftParams,
    reply: gate,
    example: { params: { draft: EXAMPLE } },
  },
})
