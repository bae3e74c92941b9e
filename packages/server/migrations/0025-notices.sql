-- What each person is told of proposals.
create table notice (
  notice_id bigint generated always as identity primary key,
  person_id uuid not null references person on delete cascade,
  proposal_id uuid not null references proposal on delete cascade,
  kind text not null,
  at timestamptz not null,
  by_name text,
  read_at timestamptz
);
create index notice_person on notice (person_id, notice_id desc);

-- Whoever follows changes also hears of proposals, which are about no lead.
alter table outbox alter column lead_id drop not null;
