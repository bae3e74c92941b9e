-- Columns as they are instead of one value made of all of them: what the index finds is looked at again, and made anew for each
-- test of each lead that took longer than everything else.
drop index lead_facets;
drop function lead_facets(text, jsonb, jsonb, jsonb);
create index lead_facets on lead using gin (attributes jsonb_path_ops, levels jsonb_path_ops,
  (array['stage:' || stage, 'source:' || (first_touch ->> 'source')])) where merged_into is null;
