-- Somebody has said that this is a lead, whatever the rules of capture say of it.
alter table lead add column is_kept boolean not null default false;
