-- What is new of these indexes is collected first and merged in later. With the usual bound of 4 MB the event that fills the
-- collection merges all of it, 100 to 200 ms, while it holds the locks of its transaction: one in twenty thousand events did, and
-- all those behind it waited. The server merges every second on a connection of its own (live/pending.ts); this bound is for when
-- it does not come to it.
alter index lead_facets set (gin_pending_list_limit = 32768);
alter index lead_words set (gin_pending_list_limit = 32768);
