-- The address that shows a lead is written as names are, and comes from its names where nobody has said one.
update lead set email = normalize(lower(btrim(email)), NFC)
where email is not null and email <> normalize(lower(btrim(email)), NFC);
update lead set email = known.email
from (
  select coalesce(l.merged_into, l.lead_id) as lead_id, min(i.value collate "C") as email
  from identity i join lead l using (lead_id) where i.kind = 'email' group by 1
) known
where lead.lead_id = known.lead_id and lead.email is null and lead.merged_into is null;

-- The lead that became part of another was none to be assessed, and the other has been none since.
alter table merge add column gave_exclusion boolean not null default false;
