-- Whom the scope names no more before anything was sent to them.
alter table incident_notice_people drop constraint incident_notice_people_outcome_check;
alter table incident_notice_people add constraint incident_notice_people_outcome_check check (
  outcome in ('planned', 'sending', 'sent', 'unsure', 'refused', 'bounced', 'printed', 'returned', 'replaced', 'reached', 'substitute', 'gone', 'moved')
);
