-- Lines of one instant have an order of their own, whatever order they were written in: a late fact may add one before others.
alter table transition add column place smallint not null default 0;
update transition set place = least(x.place, 32767)
from (
  select transition_id, row_number() over (partition by lead_id, at, version order by transition_id) - 1 as place from transition
) x
where transition.transition_id = x.transition_id and x.place > 0;
