-- What definitions would have said of what really happened: asked once, kept until somebody deletes it.

create table backtest (
  job_id uuid primary key references job on delete cascade,
  name text not null,
  -- 'question'; 'gate': whether a draft fits what sales can take
  purpose text not null,
  -- the draft that a gate is about
  draft_id uuid,
  -- period, horizon and everything else that was asked for
  request jsonb not null,
  -- name, where it came from, revision and hash of each definition, and their texts as they were
  versions jsonb not null,
  texts text[] not null,
  -- what was received later does not count
  watermark timestamptz not null,
  rerun_of uuid,
  -- a few figures of each version, for lists; what is counted, with leads by their ids alone
  headline jsonb,
  result json
);
create index backtest_draft on backtest (draft_id) where draft_id is not null;

-- What replaying kept of each lead, packed: figures and the leads behind them are counted from it, without replaying anything.
create table backtest_trace (
  job_id uuid not null references backtest on delete cascade,
  place integer not null,
  bytes bytea not null,
  primary key (job_id, place)
);
alter table backtest_trace alter column bytes set storage external;
