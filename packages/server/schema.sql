-- What the migrations come to. Written by `npm run schema`, compared by a test.

create table account (
  account_id uuid not null,
  name text,
  attributes jsonb not null default '{}'::jsonb,
  attribute_times jsonb not null default '{}'::jsonb,
  circle_id uuid not null,
  created_at timestamp with time zone not null,
  merged_into uuid,
  constraint account_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES account(account_id),
  constraint account_pkey PRIMARY KEY (account_id)
);

create table account_identity (
  kind text not null,
  value text not null,
  account_id uuid not null,
  constraint account_identity_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(account_id),
  constraint account_identity_pkey PRIMARY KEY (kind, value)
);

create table account_merge (
  merge_id bigint generated always as identity not null,
  account_id uuid not null,
  into_account_id uuid not null,
  merged_at timestamp with time zone not null,
  because text not null,
  merged_by text,
  undone_at timestamp with time zone,
  undone_by text,
  constraint account_merge_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(account_id),
  constraint account_merge_into_account_id_fkey FOREIGN KEY (into_account_id) REFERENCES account(account_id),
  constraint account_merge_pkey PRIMARY KEY (merge_id)
);

create table activity (
  lead_id uuid not null,
  at timestamp with time zone not null,
  fact_id text not null,
  received_at timestamp with time zone not null,
  type text not null,
  properties jsonb not null,
  flags text[],
  transaction_id bigint default ((pg_current_xact_id())::text)::bigint
) partition by RANGE (at);

create table alignment_lead (
  session_id uuid not null,
  place smallint not null,
  lead_id uuid not null,
  as_of timestamp with time zone not null,
  is_as_received boolean not null,
  outcome text not null,
  level text not null,
  said jsonb not null,
  constraint alignment_lead_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id),
  constraint alignment_lead_pkey PRIMARY KEY (session_id, place),
  constraint alignment_lead_session_id_fkey FOREIGN KEY (session_id) REFERENCES alignment_session(session_id) ON DELETE CASCADE
);

create table alignment_member (
  session_id uuid not null,
  person_id uuid not null,
  person_name text not null,
  team text not null,
  constraint alignment_member_pkey PRIMARY KEY (session_id, person_id),
  constraint alignment_member_session_id_fkey FOREIGN KEY (session_id) REFERENCES alignment_session(session_id) ON DELETE CASCADE
);

create table alignment_practice (
  session_id uuid not null,
  place smallint not null,
  person_id uuid not null,
  level text not null,
  would_call boolean not null,
  at timestamp with time zone not null,
  constraint alignment_practice_pkey PRIMARY KEY (session_id, place, person_id),
  constraint alignment_practice_session_id_place_fkey FOREIGN KEY (session_id, place) REFERENCES alignment_lead(session_id, place) ON DELETE CASCADE
);

create table alignment_rating (
  session_id uuid not null,
  place smallint not null,
  person_id uuid not null,
  level text not null,
  would_call boolean not null,
  reason text not null,
  at timestamp with time zone not null,
  comment_id uuid,
  constraint alignment_rating_comment_id_fkey FOREIGN KEY (comment_id) REFERENCES comment(comment_id) ON DELETE SET NULL,
  constraint alignment_rating_pkey PRIMARY KEY (session_id, place, person_id),
  constraint alignment_rating_session_id_person_id_fkey FOREIGN KEY (session_id, person_id) REFERENCES alignment_member(session_id, person_id) ON DELETE CASCADE,
  constraint alignment_rating_session_id_place_fkey FOREIGN KEY (session_id, place) REFERENCES alignment_lead(session_id, place) ON DELETE CASCADE
);

create table alignment_session (
  session_id uuid not null,
  title text not null,
  seed text not null,
  version integer not null,
  category text not null,
  levels text[] not null,
  created_at timestamp with time zone not null,
  created_by uuid not null,
  creator_name text not null,
  revealed_at timestamp with time zone,
  revealed_by text,
  result jsonb,
  constraint alignment_session_pkey PRIMARY KEY (session_id)
);

create table api_key (
  key_id uuid not null default gen_random_uuid(),
  name text not null,
  prefix text not null,
  hash bytea not null,
  rights text[] not null,
  made_by uuid,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_key_made_by_fkey FOREIGN KEY (made_by) REFERENCES person(id) ON DELETE SET NULL,
  constraint api_key_pkey PRIMARY KEY (key_id),
  constraint api_key_prefix_key UNIQUE (prefix)
);

create table audit (
  audit_id bigint generated always as identity not null,
  at timestamp with time zone not null,
  action text not null,
  actor_kind text not null,
  actor_id uuid,
  actor_name text,
  targets jsonb not null,
  address text not null,
  outcome text not null default 'done'::text,
  constraint audit_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'unknown'::text]))),
  constraint audit_pkey PRIMARY KEY (audit_id)
);

create table backtest (
  job_id uuid not null,
  name text not null,
  purpose text not null,
  draft_id uuid,
  request jsonb not null,
  versions jsonb not null,
  texts text[] not null,
  watermark timestamp with time zone not null,
  rerun_of uuid,
  headline jsonb,
  result json,
  constraint backtest_job_id_fkey FOREIGN KEY (job_id) REFERENCES job(job_id) ON DELETE CASCADE,
  constraint backtest_pkey PRIMARY KEY (job_id)
);

create table backtest_trace (
  job_id uuid not null,
  place integer not null,
  bytes bytea not null,
  constraint backtest_trace_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest(job_id) ON DELETE CASCADE,
  constraint backtest_trace_pkey PRIMARY KEY (job_id, place)
);

create table bulk_change (
  job_id uuid not null,
  lead_id uuid not null,
  state text not null default 'waiting'::text,
  before jsonb,
  why text,
  constraint bulk_change_job_id_fkey FOREIGN KEY (job_id) REFERENCES job(job_id) ON DELETE CASCADE,
  constraint bulk_change_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id),
  constraint bulk_change_pkey PRIMARY KEY (job_id, lead_id)
);

create table call (
  call_id text not null,
  lead_id uuid not null,
  at timestamp with time zone not null,
  outcome text not null,
  note text,
  callback_at timestamp with time zone,
  actor_id uuid not null,
  actor_name text not null,
  constraint call_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id),
  constraint call_pkey PRIMARY KEY (call_id)
);

create table campaign_cost (
  month date not null,
  source text not null,
  campaign text not null,
  cost numeric not null,
  currency text not null,
  is_synthetic boolean not null default false,
  constraint campaign_cost_pkey PRIMARY KEY (month, source, campaign)
);

create table capture_count (
  source_id text not null,
  minute timestamp with time zone not null,
  last_at timestamp with time zone not null,
  stored bigint not null,
  repeated bigint not null,
  refused bigint not null,
  constraint capture_count_pkey PRIMARY KEY (source_id, minute)
);

create table capture_fault (
  source_id text not null,
  day date not null,
  code text not null,
  count bigint not null,
  last_at timestamp with time zone not null,
  place text not null,
  reason text not null,
  constraint capture_fault_pkey PRIMARY KEY (source_id, day, code)
);

create table capture_name (
  source_id text not null,
  kind text not null,
  name text not null,
  first_used_at timestamp with time zone not null,
  constraint capture_name_pkey PRIMARY KEY (source_id, kind, name)
);

create table circle (
  circle_id uuid not null,
  version integer,
  state bytea,
  due_at timestamp with time zone,
  constraint circle_pkey PRIMARY KEY (circle_id)
);

create table comment (
  comment_id uuid not null,
  thread_id uuid,
  draft_id uuid,
  path text not null,
  text text not null,
  at timestamp with time zone not null,
  edited_at timestamp with time zone,
  actor_id uuid not null,
  actor_name text not null,
  resolved_at timestamp with time zone,
  resolved_by text,
  is_request boolean not null default false,
  outcome text,
  constraint comment_pkey PRIMARY KEY (comment_id),
  constraint comment_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES comment(comment_id) ON DELETE CASCADE
);

create table consent (
  consent_id bigint generated always as identity not null,
  lead_id uuid not null,
  purpose text not null,
  state text not null,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  evidence text not null,
  actor_id uuid not null,
  actor_name text not null,
  constraint consent_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id),
  constraint consent_pkey PRIMARY KEY (consent_id),
  constraint consent_state_check CHECK ((state = ANY (ARRAY['given'::text, 'withdrawn'::text, 'objected'::text])))
);

create table consent_word (
  lead_id uuid not null,
  source_id uuid not null,
  purpose text not null,
  is_given boolean not null,
  at timestamp with time zone not null,
  constraint consent_word_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id),
  constraint consent_word_pkey PRIMARY KEY (lead_id, source_id, purpose),
  constraint consent_word_source_id_fkey FOREIGN KEY (source_id) REFERENCES source(source_id)
);

create table credential (
  id uuid not null default gen_random_uuid(),
  person_id uuid not null,
  provider_id text not null,
  account_id text not null,
  password text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint credential_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE,
  constraint credential_pkey PRIMARY KEY (id),
  constraint credential_provider_id_account_id_key UNIQUE (provider_id, account_id)
);

create table definition_version (
  version integer not null,
  text text not null,
  name text not null,
  published_at timestamp with time zone not null,
  published_by text,
  note text,
  status text not null,
  rolls_back_to integer,
  signed_as text,
  gate_reason text,
  renews integer,
  constraint definition_version_pkey PRIMARY KEY (version)
);

create table demo (
  place integer not null default 1,
  state text not null,
  seed text not null,
  leads integer not null,
  until timestamp with time zone not null,
  loaded_leads integer not null default 0,
  loaded_facts bigint not null default 0,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  seen_at timestamp with time zone,
  is_cancelled boolean not null default false,
  constraint demo_pkey PRIMARY KEY (place),
  constraint demo_place_check CHECK ((place = 1))
);

create table draft (
  draft_id uuid not null,
  name text not null,
  text text not null,
  revision integer not null,
  based_on integer,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  updated_by text,
  constraint draft_pkey PRIMARY KEY (draft_id)
);

create table erasure (
  erasure_id uuid not null,
  at timestamp with time zone not null,
  actor_name text not null,
  removed integer not null,
  constraint erasure_pkey PRIMARY KEY (erasure_id)
);

create table fact (
  lead_id uuid,
  account_id uuid,
  at timestamp with time zone not null,
  fact_id text not null,
  received_at timestamp with time zone not null,
  kind text not null,
  body jsonb not null,
  flags text[],
  transaction_id bigint default ((pg_current_xact_id())::text)::bigint,
  constraint fact_check CHECK (((lead_id IS NOT NULL) OR (account_id IS NOT NULL)))
);

create table forgetting (
  before timestamp with time zone not null,
  at timestamp with time zone not null,
  activities bigint not null,
  leads integer not null,
  version integer,
  constraint forgetting_pkey PRIMARY KEY (before)
);

create table identity (
  kind text not null,
  value text not null,
  lead_id uuid not null,
  since timestamp with time zone not null,
  constraint identity_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id),
  constraint identity_pkey PRIMARY KEY (kind, value)
);

create table import_chunk (
  import_id uuid not null,
  number integer not null,
  bytes bytea not null,
  constraint import_chunk_import_id_fkey FOREIGN KEY (import_id) REFERENCES import_job(import_id) ON DELETE CASCADE,
  constraint import_chunk_pkey PRIMARY KEY (import_id, number)
);

create table import_job (
  import_id uuid not null,
  name text not null,
  state text not null,
  is_trial boolean not null default false,
  reading jsonb not null default '{}'::jsonb,
  bytes bigint not null,
  bytes_read bigint not null default 0,
  counts jsonb not null default '{}'::jsonb,
  error jsonb,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  created_by text not null,
  seen_at timestamp with time zone,
  is_cancelled boolean not null default false,
  constraint import_job_pkey PRIMARY KEY (import_id)
);

create table import_lead (
  import_id uuid not null,
  lead_id uuid not null,
  constraint import_lead_import_id_fkey FOREIGN KEY (import_id) REFERENCES import_job(import_id) ON DELETE CASCADE,
  constraint import_lead_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id) ON DELETE CASCADE,
  constraint import_lead_pkey PRIMARY KEY (import_id, lead_id)
);

create table import_refusal (
  import_id uuid not null,
  number bigint not null,
  line bigint not null,
  code text not null,
  place text,
  reason text not null,
  row_text text not null,
  constraint import_refusal_import_id_fkey FOREIGN KEY (import_id) REFERENCES import_job(import_id) ON DELETE CASCADE,
  constraint import_refusal_pkey PRIMARY KEY (import_id, number)
);

create table invitation (
  invitation_id uuid not null default gen_random_uuid(),
  token_hash bytea not null,
  email text not null,
  role text not null,
  invited_by uuid,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  used_by uuid,
  revoked_at timestamp with time zone,
  constraint invitation_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES person(id) ON DELETE SET NULL,
  constraint invitation_pkey PRIMARY KEY (invitation_id),
  constraint invitation_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'marketing'::text, 'sales'::text, 'analyst'::text, 'reader'::text]))),
  constraint invitation_token_hash_key UNIQUE (token_hash),
  constraint invitation_used_by_fkey FOREIGN KEY (used_by) REFERENCES person(id) ON DELETE SET NULL
);

create table job (
  job_id uuid not null,
  kind text not null,
  state text not null,
  input jsonb not null,
  done bigint not null default 0,
  total bigint,
  result jsonb,
  error jsonb,
  created_by text not null,
  actor_id uuid,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  seen_at timestamp with time zone,
  is_cancelled boolean not null default false,
  constraint job_pkey PRIMARY KEY (job_id)
);

create table kept_out (
  digest bytea not null,
  erasure_id uuid not null,
  constraint kept_out_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES erasure(erasure_id),
  constraint kept_out_pkey PRIMARY KEY (digest)
);

create table lead (
  lead_id uuid not null,
  merged_into uuid,
  account_id uuid,
  circle_id uuid not null,
  email text,
  name text,
  attributes jsonb not null default '{}'::jsonb,
  attribute_times jsonb not null default '{}'::jsonb,
  first_touch jsonb,
  created_at timestamp with time zone not null,
  last_activity_at timestamp with time zone,
  excluded_as text,
  version integer,
  assessed_at timestamp with time zone,
  stage text,
  stage_since timestamp with time zone,
  sla_due_at timestamp with time zone,
  levels jsonb,
  scores jsonb,
  expected_value double precision,
  next_change_at timestamp with time zone,
  is_kept boolean not null default false,
  constraint lead_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(account_id),
  constraint lead_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES lead(lead_id),
  constraint lead_pkey PRIMARY KEY (lead_id)
);

create table lead_claim (
  lead_id uuid not null,
  actor_id uuid not null,
  actor_name text not null,
  since timestamp with time zone not null,
  until timestamp with time zone not null,
  constraint lead_claim_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id),
  constraint lead_claim_pkey PRIMARY KEY (lead_id)
);

create table lead_snooze (
  lead_id uuid not null,
  until timestamp with time zone not null,
  actor_id uuid not null,
  actor_name text not null,
  constraint lead_snooze_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id),
  constraint lead_snooze_pkey PRIMARY KEY (lead_id)
);

create table lead_standing (
  lead_id uuid not null,
  stage text,
  levels jsonb,
  constraint lead_standing_pkey PRIMARY KEY (lead_id)
);

create table log_identity (
  identity uuid not null,
  noted_from bigint not null default 0,
  looked_at timestamp with time zone,
  looked_to bigint
);

create table log_rewritten (
  about uuid not null,
  transaction_id bigint not null default ((pg_current_xact_id())::text)::bigint
);

create table merge (
  merge_id bigint generated always as identity not null,
  lead_id uuid not null,
  into_lead_id uuid not null,
  merged_at timestamp with time zone not null,
  because text not null,
  merged_by text,
  undone_at timestamp with time zone,
  undone_by text,
  gave_exclusion boolean not null default false,
  constraint merge_into_lead_id_fkey FOREIGN KEY (into_lead_id) REFERENCES lead(lead_id),
  constraint merge_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id),
  constraint merge_pkey PRIMARY KEY (merge_id)
);

create table message (
  message_id text not null,
  digest bytea not null,
  received_at timestamp with time zone not null,
  constraint message_pkey PRIMARY KEY (message_id)
);

create table message_conflict (
  conflict_id bigint generated always as identity not null,
  message_id text not null,
  received_at timestamp with time zone not null,
  body jsonb not null,
  constraint message_conflict_pkey PRIMARY KEY (conflict_id)
);

create table migration (
  name text not null,
  digest text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (name)
);

create table note (
  note_id uuid not null,
  lead_id uuid not null,
  fact_id text,
  text text not null,
  at timestamp with time zone not null,
  actor_id uuid not null,
  actor_name text not null,
  constraint note_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id),
  constraint note_pkey PRIMARY KEY (note_id)
);

create table notice (
  notice_id bigint generated always as identity not null,
  person_id uuid not null,
  proposal_id uuid,
  kind text not null,
  at timestamp with time zone not null,
  by_name text,
  read_at timestamp with time zone,
  session_id uuid,
  constraint notice_about CHECK ((num_nonnulls(proposal_id, session_id) = 1)),
  constraint notice_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE,
  constraint notice_pkey PRIMARY KEY (notice_id),
  constraint notice_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposal(proposal_id) ON DELETE CASCADE,
  constraint notice_session_id_fkey FOREIGN KEY (session_id) REFERENCES alignment_session(session_id) ON DELETE CASCADE
);

create table outbox (
  outbox_id bigint generated always as identity not null,
  lead_id uuid,
  at timestamp with time zone not null,
  topic text not null,
  payload jsonb not null,
  created_at timestamp with time zone not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  constraint outbox_pkey PRIMARY KEY (outbox_id)
);

create table password_link (
  person_id uuid not null,
  token_hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint password_link_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE,
  constraint password_link_pkey PRIMARY KEY (person_id),
  constraint password_link_token_hash_key UNIQUE (token_hash)
);

create table person (
  id uuid not null default gen_random_uuid(),
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  role text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  disabled_at timestamp with time zone,
  constraint person_email_key UNIQUE (email),
  constraint person_pkey PRIMARY KEY (id),
  constraint person_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'marketing'::text, 'sales'::text, 'analyst'::text, 'reader'::text])))
);

create table proposal (
  proposal_id uuid not null,
  draft_id uuid not null,
  revision integer not null,
  name text not null,
  text text not null,
  hash text not null,
  base integer,
  rolls_back_to integer,
  changes jsonb not null,
  rationale text not null,
  backtest_id uuid,
  trial_id uuid,
  moves jsonb,
  state text not null,
  proposed_at timestamp with time zone not null,
  proposed_by uuid,
  proposed_by_name text not null,
  goes_live_at timestamp with time zone,
  scheduled_by uuid,
  scheduled_by_name text,
  gate_reason text,
  ended_at timestamp with time zone,
  ended_because text,
  ended_by text,
  version integer,
  constraint proposal_pkey PRIMARY KEY (proposal_id),
  constraint proposal_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'scheduled'::text, 'live'::text, 'withdrawn'::text]))),
  constraint proposal_version_fkey FOREIGN KEY (version) REFERENCES definition_version(version)
);

create table review (
  review_id uuid not null,
  version integer not null,
  period_from timestamp with time zone not null,
  period_to timestamp with time zone not null,
  created_at timestamp with time zone not null,
  created_by uuid not null,
  creator_name text not null,
  job_id uuid,
  figures jsonb,
  attendance jsonb not null default '[]'::jsonb,
  next_at timestamp with time zone,
  signed_at timestamp with time zone,
  constraint review_job_id_fkey FOREIGN KEY (job_id) REFERENCES job(job_id) ON DELETE SET NULL,
  constraint review_pkey PRIMARY KEY (review_id)
);

create table review_decision (
  decision_id uuid not null,
  review_id uuid not null,
  text text not null,
  owner text,
  promise jsonb,
  draft_id uuid,
  at timestamp with time zone not null,
  actor_name text not null,
  constraint review_decision_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES draft(draft_id) ON DELETE SET NULL,
  constraint review_decision_pkey PRIMARY KEY (decision_id),
  constraint review_decision_review_id_fkey FOREIGN KEY (review_id) REFERENCES review(review_id) ON DELETE CASCADE
);

create table review_leads (
  review_id uuid not null,
  figure text not null,
  total integer not null,
  leads uuid[] not null,
  constraint review_leads_pkey PRIMARY KEY (review_id, figure),
  constraint review_leads_review_id_fkey FOREIGN KEY (review_id) REFERENCES review(review_id) ON DELETE CASCADE
);

create table review_note (
  note_id uuid not null,
  review_id uuid not null,
  text text not null,
  at timestamp with time zone not null,
  actor_id uuid not null,
  actor_name text not null,
  constraint review_note_pkey PRIMARY KEY (note_id),
  constraint review_note_review_id_fkey FOREIGN KEY (review_id) REFERENCES review(review_id) ON DELETE CASCADE
);

create table review_signature (
  review_id uuid not null,
  team text not null,
  person_id uuid not null,
  person_name text not null,
  at timestamp with time zone not null,
  constraint review_signature_pkey PRIMARY KEY (review_id, team),
  constraint review_signature_review_id_fkey FOREIGN KEY (review_id) REFERENCES review(review_id) ON DELETE CASCADE
);

create table secret (
  name text not null,
  value text not null,
  constraint secret_pkey PRIMARY KEY (name)
);

create table segment (
  segment_id uuid not null,
  name text not null,
  query text not null,
  columns text[],
  is_shared boolean not null,
  owner_id uuid not null,
  owner_name text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint segment_pkey PRIMARY KEY (segment_id)
);

create table session (
  id uuid not null default gen_random_uuid(),
  person_id uuid not null,
  token text not null,
  expires_at timestamp with time zone not null,
  address text,
  user_agent text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint session_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_token_key UNIQUE (token)
);

create table setting (
  name text not null,
  value jsonb not null,
  constraint setting_pkey PRIMARY KEY (name)
);

create table setup_link (
  place integer not null default 1,
  token_hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint setup_link_pkey PRIMARY KEY (place),
  constraint setup_link_place_check CHECK ((place = 1))
);

create table signature (
  signature_id uuid not null,
  proposal_id uuid not null,
  side text not null,
  person_id uuid not null,
  person_name text not null,
  role text not null,
  note text,
  at timestamp with time zone not null,
  digest text not null,
  is_alone boolean not null,
  taken_back_at timestamp with time zone,
  taken_back_because text,
  constraint signature_pkey PRIMARY KEY (signature_id),
  constraint signature_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposal(proposal_id),
  constraint signature_side_check CHECK ((side = ANY (ARRAY['marketing'::text, 'sales'::text])))
);

create table source (
  source_id uuid not null default gen_random_uuid(),
  name text not null,
  write_key text not null,
  old_write_key text,
  old_until timestamp with time zone,
  created_at timestamp with time zone not null,
  disabled_at timestamp with time zone,
  constraint source_old_write_key_key UNIQUE (old_write_key),
  constraint source_pkey PRIMARY KEY (source_id),
  constraint source_write_key_key UNIQUE (write_key)
);

create table touch (
  lead_id uuid not null,
  at timestamp with time zone not null,
  body jsonb not null,
  constraint touch_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(lead_id),
  constraint touch_pkey PRIMARY KEY (lead_id)
);

create table transition (
  transition_id bigint generated always as identity not null,
  lead_id uuid not null,
  at timestamp with time zone not null,
  version integer not null,
  kind text not null,
  name text not null,
  from_value text,
  to_value text not null,
  cause text not null,
  recorded_at timestamp with time zone not null,
  superseded_at timestamp with time zone,
  place smallint not null default 0,
  constraint transition_pkey PRIMARY KEY (transition_id)
);

create table trial_move (
  job_id uuid not null,
  what text not null,
  from_value text not null,
  to_value text not null,
  lead_id uuid not null,
  constraint trial_move_job_id_fkey FOREIGN KEY (job_id) REFERENCES job(job_id) ON DELETE CASCADE,
  constraint trial_move_pkey PRIMARY KEY (job_id, what, from_value, to_value, lead_id)
);

CREATE INDEX account_created ON public.account USING btree (created_at, account_id);
CREATE INDEX account_identity_account ON public.account_identity USING btree (account_id);
CREATE INDEX account_identity_value ON public.account_identity USING btree (lower(value) text_pattern_ops);
CREATE INDEX account_merge_account ON public.account_merge USING btree (account_id);
CREATE INDEX account_merge_into ON public.account_merge USING btree (into_account_id);
CREATE INDEX account_merged_into ON public.account USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX account_name ON public.account USING btree (lower(name) text_pattern_ops);
CREATE INDEX account_said_name ON public.account USING btree (lower((attributes ->> 'name'::text)) text_pattern_ops) WHERE (attributes ? 'name'::text);
CREATE INDEX activity_lead ON ONLY public.activity USING btree (lead_id, at);
CREATE INDEX activity_transaction ON ONLY public.activity USING brin (transaction_id) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX alignment_lead_lead ON public.alignment_lead USING btree (lead_id);
CREATE INDEX alignment_member_person ON public.alignment_member USING btree (person_id);
CREATE INDEX audit_action ON public.audit USING btree (action, audit_id DESC);
CREATE INDEX audit_actor ON public.audit USING btree (actor_id, audit_id DESC) WHERE (actor_id IS NOT NULL);
CREATE INDEX audit_at ON public.audit USING btree (at DESC);
CREATE INDEX backtest_draft ON public.backtest USING btree (draft_id) WHERE (draft_id IS NOT NULL);
CREATE INDEX bulk_change_waiting ON public.bulk_change USING btree (job_id, lead_id) WHERE (state = 'waiting'::text);
CREATE INDEX call_lead ON public.call USING btree (lead_id, at DESC);
CREATE INDEX circle_due ON public.circle USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX circle_version ON public.circle USING btree (version);
CREATE INDEX comment_draft ON public.comment USING btree (draft_id) WHERE (draft_id IS NOT NULL);
CREATE INDEX comment_path ON public.comment USING btree (path, at);
CREATE INDEX comment_thread ON public.comment USING btree (thread_id, at) WHERE (thread_id IS NOT NULL);
CREATE INDEX consent_lead ON public.consent USING btree (lead_id, purpose, at DESC, consent_id DESC);
CREATE INDEX credential_person ON public.credential USING btree (person_id);
CREATE INDEX erasure_order ON public.erasure USING btree (at DESC, erasure_id DESC);
CREATE INDEX fact_account ON public.fact USING btree (account_id, at) WHERE (account_id IS NOT NULL);
CREATE INDEX fact_carried ON public.fact USING btree (lead_id) WHERE (fact_id ~~ 'carry/%'::text);
CREATE INDEX fact_decision ON public.fact USING btree (at) WHERE (kind = 'decision'::text);
CREATE INDEX fact_lead ON public.fact USING btree (lead_id, at) WHERE (lead_id IS NOT NULL);
CREATE INDEX fact_link ON public.fact USING btree (((body ->> 'account'::text))) WHERE (kind = 'link'::text);
CREATE INDEX fact_transaction ON public.fact USING brin (transaction_id) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX identity_lead ON public.identity USING btree (lead_id);
CREATE INDEX import_job_open ON public.import_job USING btree (created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE INDEX import_job_order ON public.import_job USING btree (created_at DESC, import_id);
CREATE INDEX import_lead_lead ON public.import_lead USING btree (lead_id);
CREATE INDEX invitation_open ON public.invitation USING btree (created_at) WHERE ((used_at IS NULL) AND (revoked_at IS NULL));
CREATE INDEX job_open ON public.job USING btree (kind, created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE INDEX job_order ON public.job USING btree (kind, created_at DESC, job_id);
CREATE INDEX kept_out_erasure ON public.kept_out USING btree (erasure_id);
CREATE INDEX lead_account ON public.lead USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX lead_circle ON public.lead USING btree (circle_id);
CREATE INDEX lead_claim_actor ON public.lead_claim USING btree (actor_id);
CREATE INDEX lead_created ON public.lead USING btree (created_at, lead_id) WHERE (merged_into IS NULL);
CREATE INDEX lead_email ON public.lead USING btree (email) WHERE (email IS NOT NULL);
CREATE INDEX lead_excluded ON public.lead USING btree (created_at, lead_id) WHERE ((merged_into IS NULL) AND (excluded_as IS NOT NULL));
CREATE INDEX lead_facets ON public.lead USING gin (attributes jsonb_path_ops, (ARRAY[('stage:'::text || stage), ('source:'::text || (first_touch ->> 'source'::text))])) WITH (gin_pending_list_limit='32768') WHERE (merged_into IS NULL);
CREATE INDEX lead_merged_into ON public.lead USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX lead_queue ON public.lead USING btree (stage, expected_value DESC NULLS LAST, lead_id) WHERE ((merged_into IS NULL) AND (excluded_as IS NULL));
CREATE INDEX lead_sla ON public.lead USING btree (sla_due_at, lead_id) WHERE ((merged_into IS NULL) AND (sla_due_at IS NOT NULL));
CREATE INDEX lead_stage ON public.lead USING btree (stage, stage_since DESC, lead_id) WHERE (merged_into IS NULL);
CREATE INDEX lead_stage_since ON public.lead USING btree (stage_since, lead_id) WHERE ((merged_into IS NULL) AND (stage_since IS NOT NULL));
CREATE INDEX lead_standing_facets ON public.lead_standing USING gin (levels jsonb_path_ops, (ARRAY[('stage:'::text || stage)])) WITH (gin_pending_list_limit='32768');
CREATE INDEX lead_value ON public.lead USING btree (expected_value, lead_id) WHERE ((merged_into IS NULL) AND (expected_value IS NOT NULL));
CREATE INDEX lead_words ON public.lead USING gin (to_tsvector('simple'::regconfig, translate(((COALESCE(name, ''::text) || ' '::text) || COALESCE(email, ''::text)), '@.-_+/:''&,()<>"'::text, '                '::text))) WITH (gin_pending_list_limit='32768') WHERE (merged_into IS NULL);
CREATE INDEX log_rewritten_transaction ON public.log_rewritten USING btree (transaction_id);
CREATE INDEX merge_into ON public.merge USING btree (into_lead_id);
CREATE INDEX merge_lead ON public.merge USING btree (lead_id);
CREATE INDEX note_lead ON public.note USING btree (lead_id, at DESC);
CREATE INDEX notice_person ON public.notice USING btree (person_id, notice_id DESC);
CREATE INDEX outbox_order ON public.outbox USING btree (transaction_id, outbox_id);
CREATE INDEX proposal_draft ON public.proposal USING btree (draft_id);
CREATE INDEX proposal_due ON public.proposal USING btree (goes_live_at) WHERE (state = 'scheduled'::text);
CREATE INDEX proposal_order ON public.proposal USING btree (proposed_at DESC, proposal_id);
CREATE INDEX review_decision_review ON public.review_decision USING btree (review_id, at);
CREATE INDEX review_note_review ON public.review_note USING btree (review_id, at);
CREATE INDEX review_order ON public.review USING btree (period_to DESC, created_at DESC);
CREATE INDEX segment_owner ON public.segment USING btree (owner_id);
CREATE INDEX session_person ON public.session USING btree (person_id);
CREATE INDEX transition_lead ON public.transition USING btree (lead_id, at);
CREATE UNIQUE INDEX definition_live ON public.definition_version USING btree (status) WHERE (status = 'live'::text);
CREATE UNIQUE INDEX proposal_open ON public.proposal USING btree (draft_id) WHERE (state = ANY (ARRAY['proposed'::text, 'scheduled'::text]));
CREATE UNIQUE INDEX proposal_version ON public.proposal USING btree (version) WHERE (version IS NOT NULL);
CREATE UNIQUE INDEX signature_person ON public.signature USING btree (proposal_id, person_id) WHERE (taken_back_at IS NULL);
CREATE UNIQUE INDEX signature_side ON public.signature USING btree (proposal_id, side) WHERE (taken_back_at IS NULL);
