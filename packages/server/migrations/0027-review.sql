-- Reviews of the definition: prepared figures, what was said and decided over them, and who signed.
create table review (
  review_id uuid primary key,
  -- live when it was prepared
  version integer not null,
  period_from timestamptz not null,
  period_to timestamptz not null,
  created_at timestamptz not null,
  created_by uuid not null,
  creator_name text not null,
  job_id uuid references job on delete set null,
  -- null until they are prepared
  figures jsonb,
  -- who was there: [{ name, team }]
  attendance jsonb not null default '[]',
  next_at timestamptz,
  -- from then on nothing of it changes
  signed_at timestamptz
);
create index review_order on review (period_to desc, created_at desc);

-- The leads behind each figure.
create table review_leads (
  review_id uuid not null references review on delete cascade,
  figure text not null,
  total integer not null,
  leads uuid[] not null,
  primary key (review_id, figure)
);

create table review_note (
  note_id uuid primary key,
  review_id uuid not null references review on delete cascade,
  text text not null,
  at timestamptz not null,
  actor_id uuid not null,
  actor_name text not null
);
create index review_note_review on review_note (review_id, at);

create table review_decision (
  decision_id uuid primary key,
  review_id uuid not null references review on delete cascade,
  text text not null,
  owner text,
  -- what it is to bring about: { measure, goal, value }
  promise jsonb,
  draft_id uuid references draft on delete set null,
  at timestamptz not null,
  actor_name text not null
);
create index review_decision_review on review_decision (review_id, at);

create table review_signature (
  review_id uuid not null references review on delete cascade,
  team text not null,
  person_id uuid not null,
  person_name text not null,
  at timestamptz not null,
  primary key (review_id, team)
);
