-- Which accounts turned out to be one company, and which of those were told apart again. Facts keep the account that they were said of.
alter table account add column merged_into uuid references account;
create index account_merged_into on account (merged_into) where merged_into is not null;

create table account_merge (
  merge_id bigint generated always as identity primary key,
  account_id uuid not null references account,
  into_account_id uuid not null references account,
  merged_at timestamptz not null,
  because text not null,
  -- null where it follows from what a source said
  merged_by text,
  undone_at timestamptz,
  undone_by text
);
create index account_merge_account on account_merge (account_id);
create index account_merge_into on account_merge (into_account_id);
