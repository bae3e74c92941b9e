-- Drafts of definitions, and what lists, searches and looks into the past need.

create table draft (
  draft_id uuid primary key,
  name text not null,
  text text not null,
  -- grows with each save: whoever saves says which one was changed
  revision integer not null,
  based_on integer,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text
);

-- the older version whose text it is
alter table definition_version add column rolls_back_to integer;

-- Which leads ever belonged to an account.
create index fact_link on fact ((body ->> 'account')) where kind = 'link';

-- Beginnings of words in names and addresses; built in, where trigrams are an extension that a server may lack.
create index lead_words on lead using gin (
  to_tsvector('simple', translate(coalesce(name, '') || ' ' || coalesce(email, ''), '@.-_+/:''&,()<>"', '                '))
) where merged_into is null;
create index lead_attributes on lead using gin (attributes jsonb_path_ops) where merged_into is null;
create index lead_levels on lead using gin (levels jsonb_path_ops) where merged_into is null;
drop index lead_created;
create index lead_created on lead (created_at, lead_id) where merged_into is null;
create index lead_stage_since on lead (stage_since, lead_id) where merged_into is null and stage_since is not null;
create index lead_sla on lead (sla_due_at, lead_id) where merged_into is null and sla_due_at is not null;
create index lead_next_change on lead (next_change_at, lead_id) where merged_into is null and next_change_at is not null;
create index lead_value on lead (expected_value, lead_id) where merged_into is null and expected_value is not null;
create index account_created on account (created_at, account_id);
create index account_name on account (lower(name) text_pattern_ops);
create index account_said_name on account (lower(attributes ->> 'name') text_pattern_ops) where attributes ? 'name';
create index account_identity_value on account_identity (lower(value) text_pattern_ops);
