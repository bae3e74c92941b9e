-- Rows of leads are about a kilobyte: with a quarter of each page free, an update that changes no level finds room where it stands,
-- and writes no index.
alter table lead set (fillfactor = 75);
