-- Leads, what is known of them, and what the definition says of them.
-- Facts are append-only and never rewritten: a merge or a new definition version changes how they are read, not what they are.
-- Every statement of the hot path is keyed by lead (or by its circle), so that leads can be spread over several databases.

-- A company. Its circle is the set of leads that an account test has to look at together.
create table account (
  account_id uuid primary key,
  name text,
  attributes jsonb not null default '{}',
  -- when each attribute was said, in ms, and by which fact: a late fact does not overwrite a newer one
  attribute_times jsonb not null default '{}',
  circle_id uuid not null,
  created_at timestamptz not null
);

-- Names under which an account is known: the domain of its leads' e-mail addresses, a group id of a source.
create table account_identity (
  kind text not null,
  value text not null,
  account_id uuid not null references account,
  primary key (kind, value)
);
create index account_identity_account on account_identity (account_id);

create table lead (
  lead_id uuid primary key,
  -- the lead that this one was recognised as; null for one that stands for itself
  merged_into uuid references lead,
  account_id uuid references account,
  circle_id uuid not null,
  email text,
  name text,
  attributes jsonb not null default '{}',
  attribute_times jsonb not null default '{}',
  -- source, campaign, referrer and page of the first touch
  first_touch jsonb,
  created_at timestamptz not null,
  last_activity_at timestamptz,
  -- people of ours, competitors, test data: kept and not assessed
  excluded_as text,
  -- the latest assessment; levels and stage are true now, scores as of assessed_at
  version integer,
  assessed_at timestamptz,
  stage text,
  stage_since timestamptz,
  sla_due_at timestamptz,
  levels jsonb,
  scores jsonb,
  expected_value double precision,
  next_change_at timestamptz
);
create index lead_merged_into on lead (merged_into) where merged_into is not null;
create index lead_account on lead (account_id) where account_id is not null;
create index lead_circle on lead (circle_id);
create index lead_email on lead (email) where email is not null;
create index lead_created on lead (created_at desc, lead_id) where merged_into is null;
create index lead_stage on lead (stage, stage_since desc, lead_id) where merged_into is null;

-- Where a lead first came from, for each lead as it was before merges; the lead itself shows the earliest of its own.
create table touch (
  lead_id uuid primary key references lead,
  at timestamptz not null,
  body jsonb not null
);

-- Names under which a lead is known: an anonymous id, a user id of a source, a normalised e-mail address.
create table identity (
  kind text not null,
  value text not null,
  lead_id uuid not null references lead,
  since timestamptz not null,
  primary key (kind, value)
);
create index identity_lead on identity (lead_id);

-- Which leads turned out to be one person, and which of those were told apart again.
create table merge (
  merge_id bigint generated always as identity primary key,
  lead_id uuid not null references lead,
  into_lead_id uuid not null references lead,
  merged_at timestamptz not null,
  because text not null,
  merged_by text,
  undone_at timestamptz,
  undone_by text
);
create index merge_lead on merge (lead_id);
create index merge_into on merge (into_lead_id);

-- What is evaluated together: a lead, or all leads joined through accounts where the definition looks at accounts.
create table circle (
  circle_id uuid primary key,
  -- the definition version that wrote `state`
  version integer,
  -- null where it must be made anew from the log
  state bytea,
  -- next instant at which something changes by itself
  due_at timestamptz
);
create index circle_due on circle (due_at) where due_at is not null;
create index circle_version on circle (version);

-- Ids of all messages ever accepted, whatever became of them: a repeat counts zero times, however late it comes.
create table message (
  message_id text primary key,
  -- tells a repeat from another message with the same id
  digest bytea not null,
  received_at timestamptz not null
);

create table message_conflict (
  conflict_id bigint generated always as identity primary key,
  message_id text not null,
  received_at timestamptz not null,
  body jsonb not null
);

-- What leads did. Partitions are quarters of a year, made when first needed.
create table activity (
  lead_id uuid not null,
  at timestamptz not null,
  fact_id text not null,
  received_at timestamptz not null,
  type text not null,
  properties jsonb not null,
  -- what had to be corrected: 'future', 'past'
  flags text[]
) partition by range (at);
create index activity_lead on activity (lead_id, at);

-- All other facts: attributes, links, decisions. Few, and never dropped by age.
create table fact (
  lead_id uuid,
  account_id uuid,
  at timestamptz not null,
  fact_id text not null,
  received_at timestamptz not null,
  kind text not null,
  body jsonb not null,
  flags text[],
  check (lead_id is not null or account_id is not null)
);
create index fact_lead on fact (lead_id, at) where lead_id is not null;
create index fact_account on fact (account_id, at) where account_id is not null;

-- The decision ledger: every change of a level or stage, and every breach of a service level.
create table transition (
  transition_id bigint generated always as identity primary key,
  lead_id uuid not null,
  at timestamptz not null,
  version integer not null,
  kind text not null,
  name text not null,
  from_value text,
  to_value text not null,
  cause text not null,
  recorded_at timestamptz not null,
  -- a late fact or a merge showed that it never was so
  superseded_at timestamptz
);
create index transition_lead on transition (lead_id, at);

-- What others have to be told, in order; consumers take from here and nowhere else.
create table outbox (
  outbox_id bigint generated always as identity primary key,
  lead_id uuid not null,
  at timestamptz not null,
  topic text not null,
  payload jsonb not null,
  created_at timestamptz not null,
  -- lines of transactions that end later than one already read must not be skipped: readers go by transaction, then by id
  transaction_id xid8 not null default pg_current_xact_id()
);
create index outbox_order on outbox (transaction_id, outbox_id);

-- Immutable copies of the agreement.
create table definition_version (
  version integer primary key,
  text text not null,
  name text not null,
  published_at timestamptz not null,
  published_by text,
  note text,
  -- 'live', 'retired'; the live one is unique
  status text not null
);
create unique index definition_live on definition_version (status) where status = 'live';

create table setting (
  name text primary key,
  value jsonb not null
);
