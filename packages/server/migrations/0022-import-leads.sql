-- Which leads the file of an import had, so that an import leads to its people.

create table import_lead (
  import_id uuid not null references import_job on delete cascade,
  lead_id uuid not null references lead on delete cascade,
  primary key (import_id, lead_id)
);
create index import_lead_lead on import_lead (lead_id);
