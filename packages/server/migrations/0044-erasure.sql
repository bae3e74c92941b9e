-- That somebody was erased, when and by whom; of the person themselves nothing.
create table erasure (
  erasure_id uuid primary key,
  at timestamptz not null,
  actor_name text not null,
  -- rows that went
  removed integer not null
);
create index erasure_order on erasure (at desc, erasure_id desc);

-- Names of people who were erased and are not to be known again, as keyed digests: nobody can read them back.
create table kept_out (
  digest bytea primary key,
  erasure_id uuid not null references erasure
);
create index kept_out_erasure on kept_out (erasure_id);

-- The key of the digests. It never changes, or nobody would be kept out any more.
insert into secret (name, value)
values ('kept_out', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
