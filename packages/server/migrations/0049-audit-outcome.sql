-- An entry is written before a change is made and completed after it: what no server came back to stays unknown.
alter table audit add column outcome text not null default 'done' check (outcome in ('done', 'unknown'));
