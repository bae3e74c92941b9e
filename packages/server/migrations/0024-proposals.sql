-- What is agreed on before it goes live: proposals, and who has signed them.

create table proposal (
  proposal_id uuid primary key,
  -- the draft may be thrown away: what was said of it stays, by this id
  draft_id uuid not null,
  revision integer not null,
  name text not null,
  text text not null,
  -- SHA-256 of the text, in hexadecimal
  hash text not null,
  -- the version that was live; null: none was
  base integer,
  rolls_back_to integer,
  -- what differs from `base`, in words
  changes jsonb not null,
  rationale text not null,
  backtest_id uuid,
  -- the trial on all leads; what came of it is kept here, for trials are forgotten
  trial_id uuid,
  moves jsonb,
  state text not null check (state in ('proposed', 'scheduled', 'live', 'withdrawn')),
  proposed_at timestamptz not null,
  proposed_by uuid,
  proposed_by_name text not null,
  goes_live_at timestamptz,
  scheduled_by uuid,
  scheduled_by_name text,
  gate_reason text,
  ended_at timestamptz,
  -- 'live', 'person', 'draft_changed', 'draft_deleted', 'other_live'
  ended_because text,
  ended_by text,
  version integer references definition_version
);
create unique index proposal_open on proposal (draft_id) where state in ('proposed', 'scheduled');
create index proposal_draft on proposal (draft_id);
create index proposal_order on proposal (proposed_at desc, proposal_id);
create index proposal_due on proposal (goes_live_at) where state = 'scheduled';
create unique index proposal_version on proposal (version) where version is not null;

create table signature (
  signature_id uuid primary key,
  proposal_id uuid not null references proposal,
  side text not null check (side in ('marketing', 'sales')),
  person_id uuid not null,
  person_name text not null,
  role text not null,
  note text,
  at timestamptz not null,
  -- of what was shown to whoever signed
  digest text not null,
  -- signed while one person was enough
  is_alone boolean not null,
  taken_back_at timestamptz,
  -- 'person', 'withdrawn', or why the proposal ended
  taken_back_because text
);
-- INVARIANT: two signatures that count are of two people, and for both sides.
create unique index signature_person on signature (proposal_id, person_id) where taken_back_at is null;
create unique index signature_side on signature (proposal_id, side) where taken_back_at is null;

-- 'both', 'alone', 'first'; null: from before versions were signed
alter table definition_version add column signed_as text;
alter table definition_version add column gate_reason text;

-- Requested changes: threads whose draft does not go live before they are settled.
alter table comment add column is_request boolean not null default false;
alter table comment add column outcome text;
-- What was said of a proposal outlives its draft.
alter table comment drop constraint comment_draft_id_fkey;

-- What people have agreed on cannot be changed behind their backs, whichever way somebody comes to the database.

create function keep_version() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if coalesce(current_setting('winnow.removes_demo', true), '') <> 'yes' then
      raise exception 'version % cannot be deleted', old.version;
    end if;
    return old;
  end if;
  if (to_jsonb(new) - 'status') is distinct from (to_jsonb(old) - 'status') then
    raise exception 'version % cannot be changed', old.version;
  end if;
  return new;
end $$;
create trigger keep_version before update or delete on definition_version for each row execute function keep_version();

create function keep_proposal() returns trigger language plpgsql as $$
declare
  -- what happens to a proposal; all else is what it says
  events constant text[] := array['trial_id', 'moves', 'state', 'goes_live_at', 'scheduled_by', 'scheduled_by_name',
    'gate_reason', 'ended_at', 'ended_because', 'ended_by', 'version'];
begin
  if (to_jsonb(new) - events) is distinct from (to_jsonb(old) - events)
    or old.moves is not null and new.moves is distinct from old.moves then
    raise exception 'proposal % cannot be changed: propose again', old.proposal_id;
  end if;
  if old.state in ('live', 'withdrawn') then
    raise exception 'proposal % has ended', old.proposal_id;
  end if;
  if new.state = 'live' and old.state <> 'live' and (
    select count(*) < case (select value ->> 'mode' from setting where name = 'working_mode') when 'one_person' then 1 else 2 end
    from signature where proposal_id = new.proposal_id and taken_back_at is null
  ) then
    raise exception 'proposal % lacks a signature', old.proposal_id;
  end if;
  return new;
end $$;
create trigger keep_proposal before update on proposal for each row execute function keep_proposal();

create function keep_signature() returns trigger language plpgsql as $$
declare
  events constant text[] := array['taken_back_at', 'taken_back_because'];
begin
  if (to_jsonb(new) - events) is distinct from (to_jsonb(old) - events) or old.taken_back_at is not null
    or exists (select from proposal where proposal_id = old.proposal_id and state = 'live') then
    raise exception 'a signature cannot be changed, and once it is live it cannot be taken back';
  end if;
  return new;
end $$;
create trigger keep_signature before update on signature for each row execute function keep_signature();

create function keep_agreed() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('winnow.removes_demo', true), '') <> 'yes' then
    raise exception 'what was proposed and signed cannot be deleted';
  end if;
  return old;
end $$;
create trigger keep_agreed before delete on proposal for each row execute function keep_agreed();
create trigger keep_agreed before delete on signature for each row execute function keep_agreed();

-- Another text is not what was signed.
create function withdraw_proposed() returns trigger language plpgsql as $$
declare
  why constant text := case tg_op when 'DELETE' then 'draft_deleted' else 'draft_changed' end;
  instant constant timestamptz := case tg_op when 'DELETE' then now() else new.updated_at end;
  somebody constant text := case tg_op when 'DELETE' then null else new.updated_by end;
  ended uuid[];
begin
  -- The proposal first: whoever signs holds it, and is waited for.
  with gone as (
    update proposal set state = 'withdrawn', ended_at = instant, ended_because = why, ended_by = somebody
    where draft_id = old.draft_id and state in ('proposed', 'scheduled') returning proposal_id
  ) select array_agg(proposal_id) into ended from gone;
  update signature set taken_back_at = instant, taken_back_because = why
  where proposal_id = any(ended) and taken_back_at is null;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger withdraw_proposed before update of text on draft for each row
  when (old.text is distinct from new.text) execute function withdraw_proposed();
create trigger withdraw_deleted before delete on draft for each row execute function withdraw_proposed();
