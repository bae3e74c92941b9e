-- Activities of before an instant are forgotten: their partitions are gone, and nothing of then is taken in any more.
create table forgetting (
  before timestamptz primary key,
  at timestamptz not null,
  -- how many there were, and of how many leads, as counted just before
  activities bigint not null,
  leads integer not null,
  -- the version that was published with it; null: nothing was there, or no version was live
  version integer
);

-- The first version that says what this one says: published anew because activities were forgotten.
alter table definition_version add column renews integer;
