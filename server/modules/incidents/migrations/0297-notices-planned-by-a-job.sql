-- Who is told by which way is worked out by a job: a notice stands from the first moment on, and its people come to it a thousand at a time.
alter table incident_notices drop constraint incident_notices_state_check;
alter table incident_notices add constraint incident_notices_state_check
  check (state in ('planning', 'planned', 'asked', 'approved', 'sending', 'stopped', 'done', 'refused', 'withdrawn'));
alter table incident_notices alter column people_hash drop not null;
alter table incident_notices add constraint incident_notices_hashed check (people_hash is not null or state in ('planning', 'withdrawn'));
-- Numbers of people whose way is still to be found: what a run that fell left, the next one takes up.
alter table incident_notices add column to_plan integer[] not null default '{}';
alter table incident_notices add constraint incident_notices_to_plan check (state = 'planning' or to_plan = '{}');
-- One at a time: two that were worked out at once would each count the same people as untold.
create unique index incident_notices_planning on incident_notices (incident_no) where state = 'planning';
