-- People are told of alignment sessions as they are of proposals.
alter table notice alter column proposal_id drop not null;
alter table notice add column session_id uuid references alignment_session on delete cascade;
alter table notice add constraint notice_about check (num_nonnulls(proposal_id, session_id) = 1);
