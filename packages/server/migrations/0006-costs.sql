-- What campaigns cost, and the demo company.

create table campaign_cost (
  -- the first day of it
  month date not null,
  source text not null,
  campaign text not null,
  cost numeric not null,
  currency text not null,
  -- of the demo company
  is_synthetic boolean not null default false,
  primary key (month, source, campaign)
);

-- The demo company that was loaded into this server; there is at most one.
create table demo (
  place integer primary key default 1 check (place = 1),
  -- 'waiting', 'running', 'loaded', 'cancelled', 'failed'
  state text not null,
  seed text not null,
  leads integer not null,
  until timestamptz not null,
  loaded_leads integer not null default 0,
  loaded_facts bigint not null default 0,
  created_at timestamptz not null,
  ended_at timestamptz,
  -- whoever loads it says so every few seconds; where nobody does, a server begins again
  seen_at timestamptz,
  is_cancelled boolean not null default false
);
