/** The tables as Kysely sees them; `migrations/` is the truth, and `schema.sql` what it comes to. */
import type { CallOutcome, NoticeKind, Right, Role, Side } from '@winnow/contract'
import type { FactValue, Instant } from '@winnow/engine'
import type { ColumnType, Generated } from 'kysely'

/** Read as milliseconds, written as ISO text. */
type Timestamp = ColumnType<Instant, string, string>
type NullableTimestamp = ColumnType<Instant | null, string | null | undefined, string | null>
/** Read as a value, written as JSON text. */
type Json<T> = ColumnType<T, string, string>
type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>
/** May be left out. */
type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>
type Attributes = Json<Readonly<Record<string, FactValue>>>
type Times = Json<Readonly<Record<string, readonly [at: number, factId: string]>>>

interface AccountTable {
  account_id: string
  merged_into: string | null
  name: string | null
  attributes: Attributes
  attribute_times: Times
  circle_id: string
  created_at: Timestamp
}

interface AccountIdentityTable {
  kind: string
  value: string
  account_id: string
}

interface AccountMergeTable {
  merge_id: Generated<number>
  account_id: string
  into_account_id: string
  merged_at: Timestamp
  because: string
  merged_by: string | null
  undone_at: NullableTimestamp
  undone_by: string | null
}

interface LeadTable {
  lead_id: string
  merged_into: string | null
  account_id: string | null
  circle_id: string
  email: string | null
  name: string | null
  attributes: Attributes
  attribute_times: Times
  first_touch: NullableJson<FirstTouch>
  created_at: Timestamp
  last_activity_at: NullableTimestamp
  excluded_as: string | null
  is_kept: Generated<boolean>
  version: number | null
  assessed_at: NullableTimestamp
  stage: string | null
  stage_since: NullableTimestamp
  sla_due_at: NullableTimestamp
  levels: NullableJson<Readonly<Record<string, string>>>
  scores: NullableJson<Readonly<Record<string, number>>>
  expected_value: number | null
  next_change_at: NullableTimestamp
}

/** Kept by triggers of `lead`, for lists to find by. */
interface LeadStandingTable {
  lead_id: string
  stage: string | null
  levels: NullableJson<Readonly<Record<string, string>>>
}

/** Where a lead first came from; kept for ever. */
export interface FirstTouch {
  readonly at: number
  readonly source?: string
  readonly medium?: string
  readonly campaign?: string
  readonly referrer?: string
  readonly page?: string
}

interface TouchTable {
  lead_id: string
  at: Timestamp
  body: Json<FirstTouch>
}

interface IdentityTable {
  kind: string
  value: string
  lead_id: string
  since: Timestamp
}

interface MergeTable {
  merge_id: Generated<number>
  lead_id: string
  into_lead_id: string
  merged_at: Timestamp
  because: string
  merged_by: string | null
  undone_at: NullableTimestamp
  undone_by: string | null
  gave_exclusion: Generated<boolean>
}

interface CircleTable {
  circle_id: string
  version: number | null
  state: Uint8Array | null
  due_at: NullableTimestamp
}

interface MessageTable {
  message_id: string
  digest: Uint8Array
  received_at: Timestamp
}

interface MessageConflictTable {
  conflict_id: Generated<number>
  message_id: string
  received_at: Timestamp
  body: Json<unknown>
}

interface ActivityTable {
  lead_id: string
  at: Timestamp
  fact_id: string
  received_at: Timestamp
  type: string
  properties: Json<Readonly<Record<string, unknown>>>
  flags: string[] | null
  transaction_id: Generated<number | null>
}

interface FactTable {
  lead_id: string | null
  account_id: string | null
  at: Timestamp
  fact_id: string
  received_at: Timestamp
  kind: string
  body: Json<Readonly<Record<string, unknown>>>
  flags: string[] | null
  transaction_id: Generated<number | null>
}

interface LogIdentityTable {
  identity: string
  noted_from: Generated<number>
  looked_at: Timestamp | null
  looked_to: number | null
}

interface LogRewrittenTable {
  about: string
  transaction_id: Generated<number>
}

interface TransitionTable {
  transition_id: Generated<number>
  lead_id: string
  at: Timestamp
  place: Generated<number>
  version: number
  kind: string
  name: string
  from_value: string | null
  to_value: string
  cause: string
  recorded_at: Timestamp
  superseded_at: NullableTimestamp
}

interface OutboxTable {
  outbox_id: Generated<number>
  lead_id: string | null
  at: Timestamp
  topic: string
  payload: Json<Readonly<Record<string, unknown>>>
  created_at: Timestamp
  transaction_id: Generated<string>
}

interface DefinitionVersionTable {
  version: number
  text: string
  name: string
  published_at: Timestamp
  published_by: string | null
  note: string | null
  status: string
  rolls_back_to: number | null
  signed_as: 'both' | 'alone' | 'first' | null
  gate_reason: string | null
  renews: number | null
}

interface ForgettingTable {
  before: Timestamp
  at: Timestamp
  activities: number
  leads: number
  version: number | null
}

interface DraftTable {
  draft_id: string
  name: string
  text: string
  revision: number
  based_on: number | null
  created_at: Timestamp
  updated_at: Timestamp
  updated_by: string | null
}

interface SettingTable {
  name: string
  value: Json<unknown>
}

interface PersonTable {
  id: Generated<string>
  name: string
  email: string
  email_verified: Generated<boolean>
  role: Role
  created_at: Timestamp
  updated_at: Timestamp
  disabled_at: NullableTimestamp
}

interface SessionTable {
  id: Generated<string>
  person_id: string
  token: string
  expires_at: Timestamp
  address: string | null
  user_agent: string | null
  created_at: Timestamp
  updated_at: Timestamp
}

interface CredentialTable {
  id: Generated<string>
  person_id: string
  provider_id: string
  account_id: string
  password: string | null
  created_at: Timestamp
  updated_at: Timestamp
}

interface SetupLinkTable {
  place: Generated<number>
  token_hash: Uint8Array
  expires_at: Timestamp
}

interface InvitationTable {
  invitation_id: Generated<string>
  token_hash: Uint8Array
  email: string
  role: Role
  invited_by: string | null
  created_at: Timestamp
  expires_at: Timestamp
  used_at: NullableTimestamp
  used_by: string | null
  revoked_at: NullableTimestamp
}

interface PasswordLinkTable {
  person_id: string
  token_hash: Uint8Array
  expires_at: Timestamp
}

interface ApiKeyTable {
  key_id: Generated<string>
  name: string
  prefix: string
  hash: Uint8Array
  rights: Right[]
  made_by: string | null
  created_at: Timestamp
  expires_at: NullableTimestamp
  last_used_at: NullableTimestamp
  revoked_at: NullableTimestamp
}

interface SourceTable {
  source_id: Generated<string>
  name: string
  write_key: string
  old_write_key: string | null
  old_until: NullableTimestamp
  created_at: Timestamp
  disabled_at: NullableTimestamp
}

interface AuditTable {
  audit_id: Generated<number>
  at: Timestamp
  action: string
  actor_kind: 'person' | 'key' | 'source' | 'nobody'
  actor_id: string | null
  actor_name: string | null
  targets: Json<Readonly<Record<string, string | number>>>
  address: string
  outcome: Generated<'done' | 'unknown'>
}

interface SecretTable {
  name: string
  value: string
}

interface CaptureNameTable {
  source_id: string
  kind: string
  name: string
  first_used_at: Timestamp
}

interface CaptureFaultTable {
  source_id: string
  day: string
  code: string
  count: number
  last_at: Timestamp
  place: string
  reason: string
}

interface CampaignCostTable {
  month: string
  source: string
  campaign: string
  cost: string
  currency: string
  is_synthetic: boolean
}

interface DemoTable {
  place: number
  state: 'waiting' | 'running' | 'loaded' | 'cancelled' | 'failed'
  seed: string
  leads: number
  until: Timestamp
  loaded_leads: number
  loaded_facts: number
  created_at: Timestamp
  ended_at: NullableTimestamp
  seen_at: NullableTimestamp
  is_cancelled: boolean
}

interface LeadClaimTable {
  lead_id: string
  actor_id: string
  actor_name: string
  since: Timestamp
  until: Timestamp
}

interface LeadSnoozeTable {
  lead_id: string
  until: Timestamp
  actor_id: string
  actor_name: string
}

interface CallTable {
  call_id: string
  lead_id: string
  at: Timestamp
  outcome: CallOutcome
  note: string | null
  callback_at: NullableTimestamp
  actor_id: string
  actor_name: string
}

interface JobTable {
  job_id: string
  kind: string
  state: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed'
  input: Json<unknown>
  done: Generated<number>
  total: number | null
  result: NullableJson<unknown>
  error: NullableJson<unknown>
  created_by: string
  actor_id: string | null
  created_at: Timestamp
  started_at: NullableTimestamp
  ended_at: NullableTimestamp
  seen_at: NullableTimestamp
  is_cancelled: Generated<boolean>
}

interface TrialMoveTable {
  job_id: string
  what: string
  from_value: string
  to_value: string
  lead_id: string
}

interface BacktestTable {
  job_id: string
  name: string
  purpose: string
  draft_id: string | null
  request: Json<unknown>
  versions: Json<unknown>
  texts: string[]
  watermark: Timestamp
  rerun_of: string | null
  headline: NullableJson<unknown>
  result: NullableJson<unknown>
}

interface BacktestTraceTable {
  job_id: string
  place: number
  bytes: Buffer
}

interface ConsentTable {
  consent_id: Generated<string>
  lead_id: string
  purpose: string
  state: 'given' | 'withdrawn' | 'objected'
  at: Timestamp
  recorded_at: Timestamp
  evidence: string
  actor_id: string
  actor_name: string
}

interface ConsentWordTable {
  lead_id: string
  source_id: string
  purpose: string
  is_given: boolean
  at: Timestamp
}

interface NoteTable {
  note_id: string
  lead_id: string
  fact_id: string | null
  text: string
  at: Timestamp
  actor_id: string
  actor_name: string
}

interface SegmentTable {
  segment_id: string
  name: string
  query: string
  columns: string[] | null
  is_shared: boolean
  owner_id: string
  owner_name: string
  created_at: Timestamp
  updated_at: Timestamp
}

interface BulkChangeTable {
  job_id: string
  lead_id: string
  state: Generated<'waiting' | 'changed' | 'unchanged' | 'refused'>
  before: NullableJson<unknown>
  why: string | null
}

interface CommentTable {
  comment_id: string
  thread_id: string | null
  draft_id: string | null
  path: string
  text: string
  at: Timestamp
  edited_at: NullableTimestamp
  actor_id: string
  actor_name: string
  resolved_at: NullableTimestamp
  resolved_by: Nullable<string>
  is_request: Generated<boolean>
  outcome: Nullable<'made' | 'withdrawn'>
}

interface ProposalTable {
  proposal_id: string
  draft_id: string
  revision: number
  name: string
  text: string
  hash: string
  base: number | null
  rolls_back_to: number | null
  changes: Json<unknown>
  rationale: string
  backtest_id: string | null
  trial_id: string | null
  moves: NullableJson<unknown>
  state: 'proposed' | 'scheduled' | 'live' | 'withdrawn'
  proposed_at: Timestamp
  proposed_by: string | null
  proposed_by_name: string
  goes_live_at: NullableTimestamp
  scheduled_by: string | null
  scheduled_by_name: string | null
  gate_reason: string | null
  ended_at: NullableTimestamp
  ended_because: string | null
  ended_by: string | null
  version: number | null
}

interface SignatureTable {
  signature_id: string
  proposal_id: string
  side: Side
  person_id: string
  person_name: string
  role: string
  note: string | null
  at: Timestamp
  digest: string
  is_alone: boolean
  taken_back_at: NullableTimestamp
  taken_back_because: string | null
}

interface NoticeTable {
  notice_id: Generated<number>
  person_id: string
  proposal_id: string | null
  session_id: Generated<string | null>
  kind: NoticeKind
  at: Timestamp
  by_name: string | null
  read_at: NullableTimestamp
}

interface CaptureCountTable {
  source_id: string
  minute: Timestamp
  last_at: Timestamp
  stored: number
  repeated: number
  refused: number
}

interface AlignmentSessionTable {
  session_id: string
  title: string
  seed: string
  version: number
  category: string
  levels: string[]
  created_at: Timestamp
  created_by: string
  creator_name: string
  revealed_at: NullableTimestamp
  revealed_by: string | null
  result: NullableJson<unknown>
}

interface AlignmentLeadTable {
  session_id: string
  place: number
  lead_id: string
  as_of: Timestamp
  is_as_received: boolean
  outcome: string
  level: string
  said: Json<unknown>
}

interface AlignmentMemberTable {
  session_id: string
  person_id: string
  person_name: string
  team: 'marketing' | 'sales'
}

interface AlignmentRatingTable {
  session_id: string
  place: number
  person_id: string
  level: string
  would_call: boolean
  reason: string
  at: Timestamp
  comment_id: string | null
}

type AlignmentPracticeTable = Omit<AlignmentRatingTable, 'reason' | 'comment_id'>

interface ReviewTable {
  review_id: string
  version: number
  period_from: Timestamp
  period_to: Timestamp
  created_at: Timestamp
  created_by: string
  creator_name: string
  job_id: ColumnType<string | null, string | null | undefined, string | null>
  figures: NullableJson<unknown>
  attendance: ColumnType<unknown, string | undefined, string>
  next_at: NullableTimestamp
  signed_at: NullableTimestamp
}

interface ReviewLeadsTable {
  review_id: string
  figure: string
  total: number
  leads: string[]
}

interface ReviewNoteTable {
  note_id: string
  review_id: string
  text: string
  at: Timestamp
  actor_id: string
  actor_name: string
}

interface ReviewDecisionTable {
  decision_id: string
  review_id: string
  text: string
  owner: string | null
  promise: NullableJson<unknown>
  draft_id: string | null
  at: Timestamp
  actor_name: string
}

interface ReviewSignatureTable {
  review_id: string
  team: 'marketing' | 'sales'
  person_id: string
  person_name: string
  at: Timestamp
}

export interface Tables {
  account: AccountTable
  account_identity: AccountIdentityTable
  account_merge: AccountMergeTable
  lead: LeadTable
  lead_standing: LeadStandingTable
  touch: TouchTable
  identity: IdentityTable
  merge: MergeTable
  circle: CircleTable
  message: MessageTable
  message_conflict: MessageConflictTable
  activity: ActivityTable
  fact: FactTable
  log_identity: LogIdentityTable
  log_rewritten: LogRewrittenTable
  transition: TransitionTable
  outbox: OutboxTable
  definition_version: DefinitionVersionTable
  forgetting: ForgettingTable
  draft: DraftTable
  setting: SettingTable
  person: PersonTable
  session: SessionTable
  credential: CredentialTable
  setup_link: SetupLinkTable
  invitation: InvitationTable
  password_link: PasswordLinkTable
  api_key: ApiKeyTable
  source: SourceTable
  audit: AuditTable
  secret: SecretTable
  capture_name: CaptureNameTable
  capture_fault: CaptureFaultTable
  campaign_cost: CampaignCostTable
  demo: DemoTable
  lead_claim: LeadClaimTable
  lead_snooze: LeadSnoozeTable
  call: CallTable
  job: JobTable
  consent: ConsentTable
  consent_word: ConsentWordTable
  note: NoteTable
  segment: SegmentTable
  bulk_change: BulkChangeTable
  comment: CommentTable
  proposal: ProposalTable
  signature: SignatureTable
  notice: NoticeTable
  capture_count: CaptureCountTable
  trial_move: TrialMoveTable
  alignment_session: AlignmentSessionTable
  alignment_lead: AlignmentLeadTable
  alignment_member: AlignmentMemberTable
  alignment_rating: AlignmentRatingTable
  alignment_practice: AlignmentPracticeTable
  backtest: BacktestTable
  backtest_trace: BacktestTraceTable
  review: ReviewTable
  review_leads: ReviewLeadsTable
  review_note: ReviewNoteTable
  review_decision: ReviewDecisionTable
  review_signature: ReviewSignatureTable
}
