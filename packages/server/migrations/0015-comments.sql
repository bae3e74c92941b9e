-- What people say to one another about parts of a definition.
create table comment (
  comment_id uuid primary key,
  -- the first of its thread; null: it is the first
  thread_id uuid references comment on delete cascade,
  -- what is discussed before it is published; null: the definition as it is and goes on
  draft_id uuid references draft on delete cascade,
  -- `scores.fit.groups.person`, as issues and differences name parts; empty: all of it
  path text not null,
  text text not null,
  at timestamptz not null,
  edited_at timestamptz,
  actor_id uuid not null,
  actor_name text not null,
  resolved_at timestamptz,
  resolved_by text
);
create index comment_path on comment (path, at);
create index comment_thread on comment (thread_id, at) where thread_id is not null;
create index comment_draft on comment (draft_id) where draft_id is not null;
