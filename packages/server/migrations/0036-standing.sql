-- Levels change with every fourth event, and an index of `lead` that holds them makes such an update write all of its indexes.
-- They have a narrow table of their own to be found by; lists go on showing those of `lead`. A row here may lie behind for a lead
-- that is part of another: whoever finds by it looks at the lead too.
create table lead_standing (
  lead_id uuid primary key,
  stage text,
  levels jsonb
);

-- Whoever writes leads need not know of it.
create function keep_standing() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    delete from lead_standing where lead_id = old.lead_id;
  else
    insert into lead_standing (lead_id, stage, levels) values (new.lead_id, new.stage, new.levels)
    on conflict (lead_id) do update set stage = excluded.stage, levels = excluded.levels;
  end if;
  return null;
end
$$;
create trigger lead_standing_new after insert on lead
  for each row when (new.stage is not null or new.levels is not null) execute function keep_standing();
create trigger lead_standing_changed after update of stage, levels on lead
  for each row when (old.stage is distinct from new.stage or old.levels is distinct from new.levels)
  execute function keep_standing();
create trigger lead_standing_gone after delete on lead for each row execute function keep_standing();

insert into lead_standing (lead_id, stage, levels)
select lead_id, stage, levels from lead where stage is not null or levels is not null;
create index lead_standing_facets on lead_standing using gin (levels jsonb_path_ops, (array['stage:' || stage]))
  with (gin_pending_list_limit = 32768);

drop index lead_facets;
create index lead_facets on lead using gin (attributes jsonb_path_ops,
  (array['stage:' || stage, 'source:' || (first_touch ->> 'source')])) with (gin_pending_list_limit = 32768)
  where merged_into is null;
analyze lead_standing;
