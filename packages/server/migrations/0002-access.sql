-- Who may use Winnow, and what they changed.
-- better-auth reads and writes `person`, `session` and `credential`; it wants its keys to be called `id`.

create table person (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  -- in lower case
  email text not null unique,
  email_verified boolean not null default false,
  role text not null check (role in ('admin', 'marketing', 'sales', 'analyst', 'reader')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  disabled_at timestamptz
);

create table session (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references person on delete cascade,
  -- the cookie holds it signed: whoever reads it here still lacks the signature
  token text not null unique,
  expires_at timestamptz not null,
  address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index session_person on session (person_id);

create table credential (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references person on delete cascade,
  -- 'credential': a password is all that there is so far
  provider_id text not null,
  account_id text not null,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index credential_person on credential (person_id);

-- The link that makes the first administrator; there is at most one.
create table setup_link (
  place integer primary key default 1 check (place = 1),
  token_hash bytea not null,
  expires_at timestamptz not null
);

create table invitation (
  invitation_id uuid primary key default gen_random_uuid(),
  token_hash bytea not null unique,
  email text not null,
  role text not null check (role in ('admin', 'marketing', 'sales', 'analyst', 'reader')),
  invited_by uuid references person on delete set null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by uuid references person on delete set null,
  revoked_at timestamptz
);
create index invitation_open on invitation (created_at) where used_at is null and revoked_at is null;

-- For whoever forgot a password: one link at a time, made by somebody who looks after people.
create table password_link (
  person_id uuid primary key references person on delete cascade,
  token_hash bytea not null unique,
  expires_at timestamptz not null
);

create table api_key (
  key_id uuid primary key default gen_random_uuid(),
  name text not null,
  -- the part of the key that is shown in lists, and by which it is found
  prefix text not null unique,
  hash bytea not null,
  rights text[] not null,
  made_by uuid references person on delete set null,
  created_at timestamptz not null,
  expires_at timestamptz,
  -- to the minute
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- Where events come from. A write key stands in public pages and can do nothing but add events, so it is kept as it is.
create table source (
  source_id uuid primary key default gen_random_uuid(),
  name text not null,
  write_key text not null unique,
  -- after a change of the key, the one before goes on for a while
  old_write_key text unique,
  old_until timestamptz,
  created_at timestamptz not null,
  disabled_at timestamptz
);

-- Every change: who, what, which, from where, when. Never a password, never what is known of a lead.
create table audit (
  audit_id bigint generated always as identity primary key,
  at timestamptz not null,
  action text not null,
  -- 'person', 'key', 'source', 'nobody'
  actor_kind text not null,
  actor_id uuid,
  actor_name text,
  targets jsonb not null,
  address text not null
);
create index audit_action on audit (action, audit_id desc);
create index audit_actor on audit (actor_id, audit_id desc) where actor_id is not null;

-- What the server signs with; made once, unless the environment gives one.
create table secret (
  name text primary key,
  value text not null
);
