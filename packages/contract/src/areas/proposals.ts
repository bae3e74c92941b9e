/** Definitions that are agreed on: proposed, talked about, signed by marketing and by sales, live at a chosen time. */
import { z } from 'zod'
import { instant, instantText, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { trialResult } from './definitions.ts'

const params = z.object({ proposal: uuid })
const draftParams = z.object({ draft: uuid })
const EXAMPLE = { proposal: '8a1c7a54-1f0d-4c5b-9a43-0a3e7b6f2c11' }

const words = z.string().trim().min(1).max(2_000)
const side = z.enum(['marketing', 'sales'])
const by = z.object({ id: uuid.nullable(), name: z.string() })

export const workingMode = z
  .enum(['team', 'one_person'])
  .describe(
    '`team`: two people sign, one for marketing and one for sales. `one_person`: one signs alone, and that is noted',
  )

export const signature = z.object({
  side,
  by: by.extend({ role: z.string().describe('When it was signed') }),
  at: instantText,
  note: z.string().nullable(),
  digest: z
    .string()
    .describe('Of what was shown: SHA-256 of the text’s hash, the differences, the moves and the rationale'),
  isAlone: z.boolean().describe('Signed while one person was enough'),
  takenBackAt: instantText.nullable(),
  takenBackBecause: z
    .enum(['person', 'draft_changed', 'draft_deleted', 'other_live', 'withdrawn'])
    .nullable()
    .describe('By the signer, or since what was signed is not what would go live any more'),
})

const STEPS = ['proposed', 'signed', 'scheduled', 'live', 'retired', 'withdrawn'] as const

const proposalListed = z.object({
  id: uuid,
  draft: uuid.describe('What was said of it is found by this, also once it is gone'),
  hasDraft: z.boolean().describe('The draft has not been thrown away'),
  revision: z.number().int(),
  name: z.string(),
  step: z.enum(STEPS),
  base: z.number().int().nullable().describe('The version that was live, and that it is compared with'),
  rationale: z.string(),
  backtest: uuid.nullable(),
  proposedAt: instantText,
  proposedBy: by,
  signatures: z.array(signature).describe('Also those that were taken back'),
  missing: z.array(side).describe('Whose signatures are missing; empty where nothing is'),
  openRequests: z.number().int().describe('Requested changes that are neither made nor withdrawn'),
  goesLiveAt: instantText.nullable(),
  scheduledBy: z.string().nullable(),
  gateReason: z.string().nullable(),
  version: z.number().int().nullable().describe('The version that it became'),
  endedAt: instantText.nullable().describe('When it went live or was withdrawn'),
  endedBecause: z.enum(['live', 'person', 'draft_changed', 'draft_deleted', 'other_live']).nullable(),
  endedBy: z.string().nullable(),
})

const proposal = proposalListed.extend({
  text: z.string(),
  hash: z.string().describe('SHA-256 of the text'),
  digest: z.string().nullable().describe('What is signed; null until the trial is done'),
  mode: workingMode,
  changes: z.array(
    z.object({
      kind: z.enum(['added', 'removed', 'changed', 'moved']),
      area: z.string(),
      path: z.string(),
      sentence: z.string(),
    }),
  ),
  trial: z.object({
    id: uuid.nullable(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
    done: z.number().int(),
    total: z.number().int().nullable(),
    asOf: instantText.nullable(),
    result: trialResult.nullable(),
  }),
  may: z
    .object({
      signAs: z.array(side),
      takeBack: z.boolean(),
      goLive: z.boolean(),
      unschedule: z.boolean(),
      withdraw: z.boolean(),
    })
    .describe('What whoever asks could do now'),
})

const NOTICES = [
  'proposed',
  'signed',
  'taken_back',
  'requested',
  'said',
  'settled',
  'scheduled',
  'unscheduled',
  'withdrawn',
  'live',
  'invited',
  'revealed',
] as const

const goingLive = `Refused with \`signatures_missing\` while a signature is missing or a requested change is open.`

export const proposals = endpoints({
  listProposals: {
    method: 'GET',
    path: '/api/definitions/proposals',
    summary: 'List proposals, the latest first',
    access: 'definitions:read',
    rate: 'read',
    query: z.strictObject({
      draft: uuid.optional(),
      state: z.enum(['open', 'all']).default('open').describe('`open`: neither live nor withdrawn'),
    }),
    reply: z.object({ items: z.array(proposalListed).describe('200 at most') }),
  },
  propose: {
    method: 'POST',
    path: '/api/definitions/drafts/:draft/propose',
    summary: 'Propose a draft',
    description: `What differs from the live version is told in words, and the text is tried on all leads: both are shown to
whoever signs. A change of the draft's text withdraws the proposal with its signatures, and so does another version that goes live.`,
    access: 'definitions:write',
    rate: 'write',
    audit: 'proposal.add',
    status: 201,
    params: draftParams,
    body: z.strictObject({
      revision: z.number().int().min(1).describe('The one that was looked at'),
      rationale: words,
      backtest: uuid.nullable().optional(),
    }),
    reply: proposal,
    example: { params: { draft: EXAMPLE.proposal }, body: { revision: 4, rationale: 'Sales wants more of them.' } },
  },
  getProposal: {
    method: 'GET',
    path: '/api/definitions/proposals/:proposal',
    summary: 'See a proposal: what changes, who moves, who has signed',
    access: 'definitions:read',
    rate: 'read',
    params,
    reply: proposal,
    example: { params: EXAMPLE },
  },
  tryProposalAgain: {
    method: 'POST',
    path: '/api/definitions/proposals/:proposal/trial',
    summary: 'Try a proposal on all leads again, after a trial that did not end',
    access: 'definitions:write',
    rate: 'write',
    audit: 'proposal.try',
    status: 202,
    params,
    reply: proposal,
    example: { params: EXAMPLE },
  },
  signProposal: {
    method: 'POST',
    path: '/api/definitions/proposals/:proposal/sign',
    summary: 'Sign a proposal for marketing or for sales',
    description: `Marketing signs for marketing, sales for sales, an administrator for either of them: each person once, so that
two people sign. \`digest\` is that of what was looked at.`,
    access: 'definitions:publish',
    rate: 'write',
    audit: 'proposal.sign',
    params,
    body: z.strictObject({ as: side, digest: z.string().regex(/^[0-9a-f]{64}$/), note: words.nullable().optional() }),
    reply: proposal,
    example: { params: EXAMPLE, body: { as: 'sales', digest: '0'.repeat(64), note: 'We can take forty a week.' } },
  },
  takeBackSignature: {
    method: 'POST',
    path: '/api/definitions/proposals/:proposal/take-back',
    summary: 'Take one’s own signature back',
    description: 'As long as it is not live. What was to go live at a time does not any more.',
    access: 'definitions:publish',
    rate: 'write',
    audit: 'proposal.take_back',
    params,
    reply: proposal,
    example: { params: EXAMPLE },
  },
  withdrawProposal: {
    method: 'POST',
    path: '/api/definitions/proposals/:proposal/withdraw',
    summary: 'Withdraw a proposal',
    description: 'For whoever proposed it, and for administrators.',
    access: 'definitions:write',
    rate: 'write',
    audit: 'proposal.withdraw',
    params,
    reply: proposal,
    example: { params: EXAMPLE },
  },
  goLive: {
    method: 'POST',
    path: '/api/definitions/proposals/:proposal/go-live',
    summary: 'Let a signed proposal go live, now or at a time',
    description: `${goingLive} At its time it goes live by the server's clock, also after a restart; where the server was away,
as soon as it is back.`,
    access: 'definitions:publish',
    rate: 'write',
    audit: 'proposal.go_live',
    params,
    body: z.strictObject({
      at: instant.nullable().optional().describe('At once where not given'),
      gateReason: words
        .nullable()
        .optional()
        .describe('Why it goes live against the capacity gate; kept with the version'),
    }),
    reply: proposal,
    example: { params: EXAMPLE, body: { at: '2026-03-09T06:00:00Z' } },
  },
  unscheduleProposal: {
    method: 'POST',
    path: '/api/definitions/proposals/:proposal/unschedule',
    summary: 'Keep a proposal from going live at its time',
    description: 'Its signatures stay.',
    access: 'definitions:publish',
    rate: 'write',
    audit: 'proposal.unschedule',
    params,
    reply: proposal,
    example: { params: EXAMPLE },
  },

  getWorkingMode: {
    method: 'GET',
    path: '/api/definitions/working-mode',
    summary: 'See how many people it takes to let a version go live',
    access: 'definitions:read',
    rate: 'read',
    reply: z.object({ mode: workingMode }),
  },
  putWorkingMode: {
    method: 'PUT',
    path: '/api/definitions/working-mode',
    summary: 'Say how many people it takes to let a version go live',
    access: 'people:write',
    rate: 'write',
    audit: 'definition.working_mode',
    body: z.strictObject({ mode: workingMode }),
    reply: z.object({ mode: workingMode }),
    example: { body: { mode: 'team' } },
  },

  listNotices: {
    method: 'GET',
    path: '/api/notices',
    summary: 'See what waits for you, and what has happened to proposals and alignment sessions',
    access: 'signed_in',
    rate: 'read',
    reply: z.object({
      unread: z.number().int(),
      waiting: z
        .array(
          z.object({
            proposal: uuid,
            name: z.string(),
            proposedBy: z.string(),
            at: instantText,
            sides: z.array(side).describe('For whom you could sign'),
          }),
        )
        .describe('Proposals that you could sign and have not'),
      sessions: z
        .array(
          z.object({
            session: uuid,
            title: z.string(),
            invitedBy: z.string(),
            at: instantText,
            left: z.number().int().describe('Leads that you have not judged yet'),
          }),
        )
        .describe('Alignment sessions that you were invited to and are not through with'),
      review: z
        .object({ dueAt: instantText, open: uuid.nullable().describe('One that is begun and not signed yet') })
        .nullable()
        .describe('The definition is to be looked at again, and you could sign that it was'),
      items: z
        .array(
          z.object({
            id: z.number().int(),
            kind: z.enum(NOTICES),
            at: instantText,
            proposal: uuid.nullable().describe('What it is about: this, or a session'),
            session: uuid.nullable(),
            name: z.string().describe('Of the definition, or the session'),
            by: z.string().nullable(),
            version: z.number().int().nullable(),
            isRead: z.boolean(),
          }),
        )
        .describe('The latest 50, the newest first'),
    }),
  },
  readNotices: {
    method: 'POST',
    path: '/api/notices/read',
    summary: 'Say up to which one you have read what happened',
    access: 'signed_in',
    rate: 'write',
    body: z.strictObject({ upTo: z.number().int().min(0) }),
    reply: z.object({ unread: z.number().int() }),
    example: { body: { upTo: 17 } },
  },
})
export type NoticeKind = (typeof NOTICES)[number]
export type Side = z.output<typeof side>
export type WorkingMode = z.output<typeof workingMode>
