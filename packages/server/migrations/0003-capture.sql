-- What sources send: which names they use, and what of theirs was refused.

-- Names of events, properties and traits that a source has used: there is a limit to how many it may.
create table capture_name (
  source_id text not null,
  kind text not null,
  name text not null,
  first_used_at timestamptz not null,
  primary key (source_id, kind, name)
);

-- Counts of what was refused, left out or ignored, with the latest as an example; no values in it.
create table capture_fault (
  source_id text not null,
  day date not null,
  code text not null,
  count bigint not null,
  last_at timestamptz not null,
  place text not null,
  reason text not null,
  primary key (source_id, day, code)
);
