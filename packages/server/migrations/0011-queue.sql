-- The queue: who has taken a lead, what is put off, what came of calls. How the work is shared out, and no facts of a lead.

create table lead_claim (
  lead_id uuid primary key references lead,
  actor_id uuid not null,
  actor_name text not null,
  since timestamptz not null,
  until timestamptz not null
);
create index lead_claim_actor on lead_claim (actor_id);

create table lead_snooze (
  lead_id uuid primary key references lead,
  until timestamptz not null,
  actor_id uuid not null,
  actor_name text not null
);

create table call (
  -- that of the message which says so to the lead's log, where it does
  call_id text primary key,
  lead_id uuid not null references lead,
  at timestamptz not null,
  outcome text not null,
  note text,
  callback_at timestamptz,
  actor_id uuid not null,
  actor_name text not null
);
create index call_lead on call (lead_id, at desc);

create index lead_queue on lead (stage, expected_value desc nulls last, lead_id)
  where merged_into is null and excluded_as is null;
