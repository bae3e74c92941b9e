-- Lists of leads that somebody comes back to, and what is done to many leads at once.
create table segment (
  segment_id uuid primary key,
  name text not null,
  -- filters and order as the address of the list says them
  query text not null,
  columns text[],
  is_shared boolean not null,
  owner_id uuid not null,
  owner_name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index segment_owner on segment (owner_id);

create table bulk_change (
  job_id uuid not null references job on delete cascade,
  lead_id uuid not null references lead,
  -- 'waiting', 'changed', 'unchanged', 'refused'
  state text not null default 'waiting',
  -- how it was, so that it can be put back
  before jsonb,
  why text,
  primary key (job_id, lead_id)
);
create index bulk_change_waiting on bulk_change (job_id, lead_id) where state = 'waiting';
