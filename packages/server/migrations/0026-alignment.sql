-- Alignment sessions: people of both teams judge the same past leads alone, and then see what the others said and what came of it.
create table alignment_session (
  session_id uuid primary key,
  title text not null,
  -- which leads were drawn, and in which order they come
  seed text not null,
  -- whose words are used
  version integer not null,
  category text not null,
  -- names of its levels, the best first
  levels text[] not null,
  created_at timestamptz not null,
  created_by uuid not null,
  creator_name text not null,
  -- from then on everybody sees everything, and nobody judges any more
  revealed_at timestamptz,
  revealed_by text,
  -- what came of it; made at the reveal
  result jsonb
);

create table alignment_lead (
  session_id uuid not null references alignment_session on delete cascade,
  place smallint not null,
  lead_id uuid not null references lead,
  -- the instant before somebody in sales decided; what was known then is shown
  as_of timestamptz not null,
  -- what came later was received later too; false: the log was brought in afterwards, and is told by when things happened
  is_as_received boolean not null,
  outcome text not null,
  level text not null,
  -- scores, and the criteria that gave points
  said jsonb not null,
  primary key (session_id, place)
);
create index alignment_lead_lead on alignment_lead (lead_id);

create table alignment_member (
  session_id uuid not null references alignment_session on delete cascade,
  person_id uuid not null,
  person_name text not null,
  team text not null,
  primary key (session_id, person_id)
);
create index alignment_member_person on alignment_member (person_id);

create table alignment_rating (
  session_id uuid not null,
  place smallint not null,
  person_id uuid not null,
  level text not null,
  would_call boolean not null,
  reason text not null,
  at timestamptz not null,
  -- the note on a criterion that it became
  comment_id uuid references comment on delete set null,
  primary key (session_id, place, person_id),
  foreign key (session_id, place) references alignment_lead on delete cascade,
  foreign key (session_id, person_id) references alignment_member on delete cascade
);

-- Training: somebody new judges the leads of a session that is over.
create table alignment_practice (
  session_id uuid not null,
  place smallint not null,
  person_id uuid not null,
  level text not null,
  would_call boolean not null,
  at timestamptz not null,
  primary key (session_id, place, person_id),
  foreign key (session_id, place) references alignment_lead on delete cascade
);

-- Who decided what and when, of everybody.
create index fact_decision on fact (at) where kind = 'decision';
