-- How much comes from each source, by the minute; some days of it, and always the latest.
create table capture_count (
  source_id text not null,
  minute timestamptz not null,
  last_at timestamptz not null,
  stored bigint not null,
  repeated bigint not null,
  refused bigint not null,
  primary key (source_id, minute)
);

create index audit_at on audit (at desc);
