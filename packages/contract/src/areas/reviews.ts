/** Reviews of the definition: prepared by Winnow, talked over and signed by both teams. */
import { z } from 'zod'
import { forgotten, instant, instantText, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { job, textQuery } from './shared.ts'

const team = z.enum(['marketing', 'sales'])
const params = z.object({ review: uuid })
const EXAMPLE = { review: '8a1c7a54-1f0d-4c5b-9a43-0a3e7b6f2c11' }
const noteParams = z.object({ review: uuid, note: uuid })
const decisionParams = z.object({ review: uuid, decision: uuid })

const promise = z.object({
  measure: z.enum(['acceptance_rate', 'win_rate', 'handovers_per_week', 'hours_to_follow_up']),
  goal: z.enum(['at_least', 'at_most']),
  value: z.number().min(0).max(1e6).describe('Rates from 0 to 1'),
})

const interval = { low: z.number().nullable(), high: z.number().nullable() }
const rate = z.object({
  successes: z.number().int(),
  trials: z.number().int(),
  rate: z.number().nullable(),
  ...interval,
})
const measured = z.object({ value: z.number().nullable(), ...interval })

const kpi = z.object({
  key: z.string().describe('`period`, `previous`, `v3`: the figure of its leads begins with it'),
  version: z.number().int().nullable(),
  from: instantText,
  to: instantText,
  weeks: z.number(),
  handovers: z.number().int(),
  perWeek: measured,
  accepted: rate.describe('Of those that sales has decided about'),
  won: rate.describe('Of those won or lost'),
  undecided: z.number().int(),
  followUp: z.object({ hours: z.number().nullable(), ...interval, count: z.number().int() }).describe('Median'),
})

const reason = z.object({ reason: z.string(), count: z.number().int(), figure: z.string() })

const criterion = z.object({
  score: z.string(),
  group: z.string(),
  criterion: z.string(),
  path: z.string().nullable().describe('In the live version; null where it is no longer there'),
  points: z.number().describe('On average, where it gave any'),
  with: rate.describe('Accepted, of those that it gave points'),
  without: rate,
  difference: measured,
  verdict: z.enum(['separates', 'reversed', 'no_longer', 'not_enough']),
  reasons: z.array(reason).describe('Why those that it gave points were rejected'),
  figure: z.string(),
})

const drift = z.object({
  name: z.string(),
  index: z.number().nullable(),
  byChance: z.number().nullable().describe('What chance alone comes to on average'),
  verdict: z.enum(['stable', 'moving', 'shifted', 'not_enough']),
  parts: z.array(
    z.object({
      label: z.string().nullable().describe('null: not known'),
      before: z.number().int(),
      now: z.number().int(),
      figure: z.string().nullable(),
    }),
  ),
})

const stage = z.object({
  stage: z.string(),
  entered: z.number().int(),
  left: z.number().int(),
  hours: z.number().nullable().describe('Median of those that left it'),
  ...interval,
  stillThere: z.number().int(),
  breaches: z.number().int(),
  hasSla: z.boolean(),
  isBottleneck: z.boolean(),
  figure: z.string(),
})

const kept = z.object({
  text: z.string(),
  owner: z.string().nullable(),
  promise: promise.nullable(),
  measured: measured.nullable(),
  verdict: z.enum(['kept', 'missed', 'not_enough', 'no_measure']),
})

export const reviewFigures = z.object({
  handover: z.string().nullable().describe('The stage from which sales takes leads over'),
  previousFrom: instantText,
  promises: z.array(kept),
  kpis: z.array(kpi),
  reasons: z.array(reason),
  criteria: z.array(criterion),
  criteriaLooked: z.number().int(),
  criteriaOf: z.number().int(),
  attributes: z.array(drift),
  activities: drift.nullable(),
  levels: z.array(drift),
  stages: z.array(stage),
  forgotten: z.object({ count: z.number().int(), figure: z.string() }),
})

const listed = z.object({
  id: uuid,
  version: z.number().int(),
  from: instantText,
  to: instantText,
  createdAt: instantText,
  createdBy: z.string(),
  isPrepared: z.boolean(),
  signedAt: instantText.nullable(),
  nextAt: instantText.nullable(),
  decisions: z.number().int(),
})

const review = listed.extend({
  job: job.nullable(),
  figures: reviewFigures.nullable(),
  forgotten,
  attendance: z.array(z.object({ name: z.string(), team: team.nullable() })),
  notes: z.array(z.object({ id: uuid, text: z.string(), at: instantText, by: z.string(), isMine: z.boolean() })),
  decided: z.array(
    z.object({
      id: uuid,
      text: z.string(),
      owner: z.string().nullable(),
      promise: promise.nullable(),
      draft: uuid.nullable(),
      at: instantText,
      by: z.string(),
    }),
  ),
  signatures: z.array(z.object({ team, person: uuid, name: z.string(), at: instantText })),
})

const words = z.string().trim().min(1)

export const reviews = endpoints({
  getDue: {
    method: 'GET',
    path: '/api/reviews/due',
    summary: 'Say when the definition is to be reviewed next',
    access: 'definitions:read',
    rate: 'read',
    reply: z.object({
      every: z.string().nullable().describe('As the live version says; null where it says nothing'),
      dueAt: instantText.nullable(),
      isDue: z.boolean(),
      open: uuid.nullable().describe('A review that is not signed yet'),
    }),
  },
  listReviews: {
    method: 'GET',
    path: '/api/reviews',
    summary: 'List reviews, the newest first',
    access: 'leads:read',
    rate: 'read',
    reply: z.object({ items: z.array(listed) }),
  },
  prepareReview: {
    method: 'POST',
    path: '/api/reviews',
    summary: 'Begin a review: its figures are prepared in the background',
    description: 'From where the last signed one ended, or as far back as the definition is to be reviewed, up to now.',
    access: 'definitions:write',
    rate: 'write',
    audit: 'review.prepare',
    status: 201,
    body: z.strictObject({ from: instant.optional(), to: instant.optional() }),
    reply: review,
    example: { body: {} },
  },
  getReview: {
    method: 'GET',
    path: '/api/reviews/:review',
    summary: 'See a review',
    access: 'leads:read',
    rate: 'read',
    params,
    reply: review,
    example: { params: EXAMPLE },
  },
  prepareAgain: {
    method: 'POST',
    path: '/api/reviews/:review/figures',
    summary: 'Prepare the figures anew, as of now, or where it failed',
    access: 'definitions:write',
    rate: 'write',
    audit: 'review.prepare',
    params,
    body: z.strictObject({}),
    reply: review,
    example: { params: EXAMPLE, body: {} },
  },
  changeReview: {
    method: 'PATCH',
    path: '/api/reviews/:review',
    summary: 'Say who is there, and when the next review is',
    access: 'definitions:write',
    rate: 'write',
    audit: 'review.change',
    params,
    body: z.strictObject({
      attendance: z
        .array(z.strictObject({ name: words.max(200), team: team.nullable() }))
        .max(100)
        .optional(),
      nextAt: instant.nullable().optional(),
    }),
    reply: review,
    example: { params: EXAMPLE, body: { attendance: [{ name: 'Ada', team: 'sales' }] } },
  },
  deleteReview: {
    method: 'DELETE',
    path: '/api/reviews/:review',
    summary: 'Delete a review that is not signed',
    access: 'definitions:write',
    rate: 'write',
    audit: 'review.delete',
    status: 204,
    params,
    reply: z.null(),
    example: { params: EXAMPLE },
  },
  addReviewNote: {
    method: 'POST',
    path: '/api/reviews/:review/notes',
    summary: 'Write down what was said',
    access: 'definitions:write',
    rate: 'write',
    audit: 'review.note',
    status: 201,
    params,
    body: z.strictObject({ text: words.max(5_000) }),
    reply: review,
    example: { params: EXAMPLE, body: { text: 'Fairs bring people who only look.' } },
  },
  deleteReviewNote: {
    method: 'DELETE',
    path: '/api/reviews/:review/notes/:note',
    summary: 'Delete a note of your own',
    access: 'definitions:write',
    rate: 'write',
    audit: 'review.note.delete',
    params: noteParams,
    reply: review,
    example: { params: { ...EXAMPLE, note: EXAMPLE.review } },
  },
  addReviewDecision: {
    method: 'POST',
    path: '/api/reviews/:review/decisions',
    summary: 'Write down what was decided, and what it is to bring about',
    description: 'The next review sets what happened against the promise.',
    access: 'definitions:write',
    rate: 'write',
    audit: 'review.decide',
    status: 201,
    params,
    body: z.strictObject({
      text: words.max(1_000),
      owner: words.max(200).nullable().default(null),
      promise: promise.nullable().default(null),
    }),
    reply: review,
    example: {
      params: EXAMPLE,
      body: {
        text: 'Fairs earn half as much',
        owner: 'Mara',
        promise: { measure: 'acceptance_rate', goal: 'at_least', value: 0.6 },
      },
    },
  },
  deleteReviewDecision: {
    method: 'DELETE',
    path: '/api/reviews/:review/decisions/:decision',
    summary: 'Take a decision back, before it is signed',
    access: 'definitions:write',
    rate: 'write',
    audit: 'review.decide.delete',
    params: decisionParams,
    reply: review,
    example: { params: { ...EXAMPLE, decision: EXAMPLE.review } },
  },
  draftDecision: {
    method: 'POST',
    path: '/api/reviews/:review/decisions/:decision/draft',
    summary: 'Open a draft of the definition for a decision',
    access: 'definitions:write',
    rate: 'write',
    audit: 'review.draft',
    status: 201,
    params: decisionParams,
    body: z.strictObject({}),
    reply: z.object({ draft: uuid }),
    example: { params: { ...EXAMPLE, decision: EXAMPLE.review }, body: {} },
  },
  signReview: {
    method: 'POST',
    path: '/api/reviews/:review/signatures',
    summary: 'Sign a review for a team; when both have signed, nothing of it changes any more',
    description:
      'People sign for their own team; administrators for either, and nobody for both, unless there is nobody else who could.',
    access: 'definitions:publish',
    rate: 'write',
    audit: 'review.sign',
    status: 201,
    params,
    body: z.strictObject({ team }),
    reply: review,
    example: { params: EXAMPLE, body: { team: 'sales' } },
  },
  listReviewLeads: {
    method: 'GET',
    path: '/api/reviews/:review/leads',
    summary: 'List the leads behind a figure',
    access: 'leads:read',
    rate: 'read',
    params,
    query: z.strictObject({ figure: textQuery(1_000) }),
    reply: z.object({
      total: z.number().int(),
      items: z
        .array(
          z.object({
            id: uuid,
            name: z.string().nullable(),
            email: z.string().nullable(),
            account: z.string().nullable(),
            stage: z.string().nullable(),
            levels: z.record(z.string(), z.string()).nullable(),
          }),
        )
        .describe('1,000 at most'),
    }),
    example: { params: EXAMPLE, query: { figure: 'forgotten' } },
  },
})
