-- What people write about a lead for one another; no fact, and nothing decides by it.
create table note (
  note_id uuid primary key,
  lead_id uuid not null references lead,
  -- what it is about: a decision, an activity; null: the lead
  fact_id text,
  text text not null,
  at timestamptz not null,
  actor_id uuid not null,
  actor_name text not null
);
create index note_lead on note (lead_id, at desc);
