-- Files that were uploaded to be taken in, and what became of them.
create table import_job (
  import_id uuid primary key,
  name text not null,
  state text not null,
  is_trial boolean not null default false,
  -- how to read it: mapping, delimiter, encoding, at, badValues
  reading jsonb not null default '{}',
  bytes bigint not null,
  bytes_read bigint not null default 0,
  counts jsonb not null default '{}',
  error jsonb,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  created_by text not null,
  -- a server that runs it says so every few seconds; one that stops saying so has died, and another begins again
  seen_at timestamptz,
  is_cancelled boolean not null default false
);
create index import_job_order on import_job (created_at desc, import_id);
create index import_job_open on import_job (created_at) where state in ('waiting', 'running');

create table import_chunk (
  import_id uuid not null references import_job on delete cascade,
  number integer not null,
  bytes bytea not null,
  primary key (import_id, number)
);

create table import_refusal (
  import_id uuid not null references import_job on delete cascade,
  number bigint not null,
  line bigint not null,
  code text not null,
  place text,
  reason text not null,
  row_text text not null,
  primary key (import_id, number)
);
