-- Backtests read a copy of the log that lies beside the database. What was added since tells by the transaction that added it: rows
-- from before this migration have none, and are in no difference. The index costs next to nothing, for rows lie in the order in which
-- they came.
alter table activity add column transaction_id bigint;
alter table activity alter column transaction_id set default (pg_current_xact_id()::text::bigint);
create index activity_transaction on activity using brin (transaction_id) with (pages_per_range = 32, autosummarize = on);
alter table fact add column transaction_id bigint;
alter table fact alter column transaction_id set default (pg_current_xact_id()::text::bigint);
create index fact_transaction on fact using brin (transaction_id) with (pages_per_range = 32, autosummarize = on);

-- A copy belongs to one log: restored from a backup, it is another.
create table log_identity (identity uuid not null);
insert into log_identity (identity) values (gen_random_uuid());

-- Leads and accounts of whom facts were removed or changed, so that no copy keeps them: noted by the database itself, whoever does it.
create table log_rewritten (
  about uuid not null,
  transaction_id bigint not null default (pg_current_xact_id()::text::bigint)
);
create index log_rewritten_transaction on log_rewritten (transaction_id);

create function note_rewritten_activities() returns trigger language plpgsql as $$
begin
  insert into log_rewritten (about) select distinct lead_id from old_rows;
  return null;
end $$;
create trigger activity_removed after delete on activity
  referencing old table as old_rows for each statement execute function note_rewritten_activities();
create trigger activity_changed after update on activity
  referencing old table as old_rows for each statement execute function note_rewritten_activities();

create function note_rewritten_facts() returns trigger language plpgsql as $$
begin
  insert into log_rewritten (about) select distinct coalesce(lead_id, account_id) from old_rows;
  return null;
end $$;
create trigger fact_removed after delete on fact
  referencing old table as old_rows for each statement execute function note_rewritten_facts();
create trigger fact_changed after update on fact
  referencing old table as old_rows for each statement execute function note_rewritten_facts();

create function note_other_log() returns trigger language plpgsql as $$
begin
  update log_identity set identity = gen_random_uuid();
  return null;
end $$;
create trigger activity_emptied before truncate on activity for each statement execute function note_other_log();
create trigger fact_emptied before truncate on fact for each statement execute function note_other_log();
