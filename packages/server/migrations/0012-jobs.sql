-- What takes longer than a request: run by one server at a time, begun again by another if that one dies.
create table job (
  job_id uuid primary key,
  -- 'trial': a definition over all leads; 'bulk': something done to many leads
  kind text not null,
  -- 'waiting', 'running', 'done', 'cancelled', 'failed'
  state text not null,
  input jsonb not null,
  done bigint not null default 0,
  total bigint,
  result jsonb,
  error jsonb,
  created_by text not null,
  actor_id uuid,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  seen_at timestamptz,
  is_cancelled boolean not null default false
);
create index job_open on job (kind, created_at) where state in ('waiting', 'running');
create index job_order on job (kind, created_at desc, job_id);

-- Leads that would be elsewhere by the definition of a trial.
create table trial_move (
  job_id uuid not null references job on delete cascade,
  -- a category, or 'stage'
  what text not null,
  from_value text not null,
  to_value text not null,
  lead_id uuid not null,
  primary key (job_id, what, from_value, to_value, lead_id)
);
