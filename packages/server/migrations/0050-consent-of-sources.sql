-- The latest that each source has said of what somebody allows: every call repeats it, and only a change is a line of the ledger.
create table consent_word (
  lead_id uuid not null references lead,
  source_id uuid not null references source,
  purpose text not null,
  is_given boolean not null,
  at timestamptz not null,
  primary key (lead_id, source_id, purpose)
);
