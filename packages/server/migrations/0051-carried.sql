-- Decisions that publications have added to the log, found without reading the rest of it.
create index fact_carried on fact (lead_id) where fact_id like 'carry/%';
