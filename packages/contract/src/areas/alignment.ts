/** Sessions in which marketing and sales judge the same past leads alone, and then compare. */
import { z } from 'zod'
import { factValue, forgotten, instant, instantText, name, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { phrase } from './shared.ts'

const team = z.enum(['marketing', 'sales'])
const outcome = z.enum(['won', 'accepted', 'rejected', 'lost'])
const params = z.object({ session: uuid })
const placeParams = z.object({ session: uuid, place: z.coerce.number().int().min(1).max(40) })
const EXAMPLE = { session: '8a1c7a54-1f0d-4c5b-9a43-0a3e7b6f2c11' }

const judgement = {
  level: name.describe('One of the session’s levels'),
  wouldCall: z.boolean(),
}
const reason = z
  .string()
  .trim()
  .max(300)
  .regex(/^[^\n\r]*$/, 'one line')

const session = z.object({
  id: uuid,
  title: z.string(),
  version: z.number().int(),
  category: z.string(),
  levels: z.array(z.string()).describe('The best first'),
  leads: z.number().int(),
  createdAt: instantText,
  createdBy: z.string(),
  revealedAt: instantText.nullable(),
  revealedBy: z.string().nullable(),
  members: z.array(z.object({ id: uuid, name: z.string(), team, rated: z.number().int() })),
  isMember: z.boolean(),
  mayReveal: z.boolean(),
  kappa: z
    .number()
    .nullable()
    .describe('Agreement of everybody on levels; null before the reveal and where it cannot be said'),
})

const card = z.object({
  place: z.number().int(),
  asOf: instantText.describe('What is shown was so at that instant, before sales decided'),
  forgotten,
  isAsReceived: z.boolean().describe('false: the log was brought in later, and is told by when things happened'),
  attributes: z.record(z.string(), factValue),
  account: z.record(z.string(), factValue),
  activities: z
    .array(z.object({ at: instantText, type: z.string(), properties: z.record(z.string(), z.unknown()) }))
    .describe('The latest first; 60 at most'),
  activitiesTotal: z.number().int(),
  since: instantText.nullable().describe('When the lead was first heard of'),
})

const rating = z.object({ place: z.number().int(), ...judgement, reason: z.string() })

const interval = { low: z.number(), high: z.number() }
const agreement = z.object({
  kappa: z.number().nullable(),
  ...interval,
  band: z.enum(['poor', 'slight', 'fair', 'moderate', 'substantial', 'almost_perfect']).nullable(),
  observed: z.number().nullable().describe('Share that was alike'),
  subjects: z.number().int(),
})
const share = z.object({
  successes: z.number().int(),
  trials: z.number().int(),
  rate: z.number().nullable(),
  ...interval,
})
const side = z.enum(['all', 'marketing', 'sales'])

const said = z.object({
  scores: z.record(z.string(), z.number()),
  criteria: z.array(
    z.object({
      path: z.string().describe('As comments name parts of a definition'),
      score: z.string(),
      group: z.string(),
      criterion: z.string(),
      points: z.number(),
      because: z.string(),
      phrase: phrase.optional().describe('Not of what was said before there were phrases'),
    }),
  ),
})

const seen = z.object({
  person: uuid,
  name: z.string(),
  team,
  ...judgement,
  reason: z.string(),
  comment: uuid.nullable(),
})

const revealed = z.object({
  place: z.number().int(),
  lead: z.object({ id: uuid, name: z.string().nullable() }),
  asOf: instantText,
  outcome,
  isGood: z.boolean(),
  level: z.string().describe('What the definition said then'),
  said,
  disagreement: z.number().describe('0: all alike; 1: as far apart as can be'),
  ratings: z.array(seen),
})

const result = z.object({
  levels: z.object({ all: agreement, marketing: agreement, sales: agreement, between: agreement }),
  calls: z.object({ all: agreement, marketing: agreement, sales: agreement, between: agreement }),
  definition: z
    .array(z.object({ side, agreement }))
    .describe('The verdict of a side against the level that the definition said'),
  outcome: z
    .array(z.object({ side, agreement, called: share, notCalled: share }))
    .describe('Would call against accepted or won, and what share of either turned out well'),
  definitionOutcome: z
    .array(z.object({ level: z.string(), good: share }))
    .describe('By level that the definition said'),
})

export const alignment = endpoints({
  listSessions: {
    method: 'GET',
    path: '/api/alignment/sessions',
    summary: 'List alignment sessions, the newest first',
    access: 'leads:read',
    rate: 'read',
    reply: z.object({ items: z.array(session) }),
  },
  listRaters: {
    method: 'GET',
    path: '/api/alignment/people',
    summary: 'List whom one could invite',
    access: 'leads:read',
    rate: 'read',
    reply: z.object({ items: z.array(z.object({ id: uuid, name: z.string(), team: team.nullable() })) }),
  },
  countCandidates: {
    method: 'GET',
    path: '/api/alignment/candidates',
    summary: 'Count past leads with a known outcome, by outcome and by the level that they had before it',
    access: 'leads:read',
    rate: 'read',
    query: z.strictObject({ category: name, from: instant.optional(), to: instant.optional() }),
    reply: z.object({
      total: z.number().int(),
      counts: z.array(z.object({ outcome, level: z.string().nullable(), count: z.number().int() })),
    }),
    example: { query: { category: 'temperature' } },
  },
  startSession: {
    method: 'POST',
    path: '/api/alignment/sessions',
    summary: 'Start a session: leads are drawn evenly from every outcome and level',
    access: 'definitions:write',
    rate: 'write',
    audit: 'alignment.start',
    status: 201,
    body: z.strictObject({
      title: z.string().trim().min(1).max(200),
      category: name,
      size: z.number().int().min(10).max(40),
      seed: z.string().min(1).max(100).optional().describe('The same seed draws the same leads'),
      from: instant.optional(),
      to: instant.optional(),
      members: z
        .array(z.strictObject({ person: uuid, team }))
        .min(1)
        .max(30),
    }),
    reply: session,
    example: {
      body: {
        title: 'Spring',
        category: 'temperature',
        size: 20,
        members: [{ person: '3b0f3c52-55a5-4a2c-8a39-0f5f0cf6a0d1', team: 'sales' }],
      },
    },
  },
  getSession: {
    method: 'GET',
    path: '/api/alignment/sessions/:session',
    summary: 'See a session, and what one has said oneself',
    access: 'leads:read',
    rate: 'read',
    params,
    reply: session.extend({ mine: z.array(rating), practised: z.array(z.number().int()) }),
    example: { params: EXAMPLE },
  },
  getCard: {
    method: 'GET',
    path: '/api/alignment/sessions/:session/leads/:place',
    summary: 'See what was known of a lead before sales decided',
    description: 'Without its name, and without anything that would say what became of it.',
    access: 'leads:read',
    rate: 'read',
    params: placeParams,
    reply: card,
    example: { params: { ...EXAMPLE, place: 1 } },
  },
  rateLead: {
    method: 'PUT',
    path: '/api/alignment/sessions/:session/leads/:place/rating',
    summary: 'Say how one would judge a lead; until the reveal it may be changed',
    access: 'leads:read',
    rate: 'write',
    audit: 'alignment.rate',
    params: placeParams,
    body: z.strictObject({ ...judgement, reason: reason.default('') }),
    reply: rating,
    example: { params: { ...EXAMPLE, place: 1 }, body: { level: 'hot', wouldCall: true, reason: 'Asked for a price' } },
  },
  revealSession: {
    method: 'POST',
    path: '/api/alignment/sessions/:session/reveal',
    summary: 'Show everybody what all have said, and what became of the leads',
    description: 'By whoever started it, or an administrator. `isEarly` where not everybody is through.',
    access: 'definitions:write',
    rate: 'write',
    audit: 'alignment.reveal',
    params,
    body: z.strictObject({ isEarly: z.boolean().default(false) }),
    reply: session,
    example: { params: EXAMPLE, body: {} },
  },
  getResult: {
    method: 'GET',
    path: '/api/alignment/sessions/:session/result',
    summary: 'See how far all agree: with each other, with the definition, with what happened',
    description: 'Refused before the reveal. Leads on which people disagree most come first.',
    access: 'leads:read',
    rate: 'read',
    params,
    reply: result.extend({ leads: z.array(revealed) }),
    example: { params: EXAMPLE },
  },
  noteReason: {
    method: 'POST',
    path: '/api/alignment/sessions/:session/leads/:place/note',
    summary: 'Make a reason a note on a part of the definition',
    access: 'definitions:write',
    rate: 'write',
    audit: 'alignment.note',
    status: 201,
    params: placeParams,
    body: z.strictObject({ person: uuid.describe('Whose reason'), path: z.string().min(1).max(1_000) }),
    reply: z.object({ comment: uuid }),
    example: {
      params: { ...EXAMPLE, place: 1 },
      body: { person: '3b0f3c52-55a5-4a2c-8a39-0f5f0cf6a0d1', path: 'scores.fit.groups.person.criteria[0]' },
    },
  },
  practise: {
    method: 'PUT',
    path: '/api/alignment/sessions/:session/leads/:place/practice',
    summary: 'Judge a lead of a session that is over, and learn at once what others said and what happened',
    access: 'leads:read',
    rate: 'write',
    audit: 'alignment.practise',
    params: placeParams,
    body: z.strictObject(judgement),
    reply: z.object({ mine: z.object(judgement), lead: revealed }),
    example: { params: { ...EXAMPLE, place: 1 }, body: { level: 'hot', wouldCall: true } },
  },
})
