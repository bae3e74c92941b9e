-- Notes of what was removed from the log are kept for some days only. Whoever copied before the transaction `noted_from` makes the copy anew.
alter table log_identity add column noted_from bigint not null default 0;
-- Where notes ended when somebody last looked: those of before then go the next time.
alter table log_identity add column looked_at timestamptz;
alter table log_identity add column looked_to bigint;
