-- What leads have allowed and forbidden, and how we know: lines are added and never changed, the latest of a purpose counts.
create table consent (
  consent_id bigint generated always as identity primary key,
  lead_id uuid not null references lead,
  -- 'email', 'phone', 'scoring', or whatever a company asks for
  purpose text not null,
  state text not null check (state in ('given', 'withdrawn', 'objected')),
  -- when the lead said so, and when it was written down
  at timestamptz not null,
  recorded_at timestamptz not null,
  -- how we know: the form, the letter, the call
  evidence text not null,
  actor_id uuid not null,
  actor_name text not null
);
create index consent_lead on consent (lead_id, purpose, at desc, consent_id desc);

create function consent_stays() returns trigger language plpgsql as $$
begin
  raise exception 'lines of the consent ledger are never changed';
end $$;
create trigger consent_stays before update on consent for each row execute function consent_stays();
