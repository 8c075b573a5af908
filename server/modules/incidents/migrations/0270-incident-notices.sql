-- Notices to the people of an incident (本人への通知). Numbers, codes and times alone: names and addresses are opened when a mail or a
-- letter is made, and stand nowhere here. Rows name customers by number, for whoever handles the incident, whatever the scope of
-- their rights.
create table incident_notices (
  notice_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  -- The approved version that goes to everybody, and the run of the scope that says who they are.
  draft_no integer not null references incident_drafts,
  scope_no integer not null references incident_scopes,
  is_again boolean not null,
  has_possible boolean not null,
  mails_per_minute integer not null check (mails_per_minute between 1 and 6000),
  state text not null default 'planned' check (state in ('planned', 'asked', 'approved', 'sending', 'stopped', 'done', 'refused', 'withdrawn')),
  made_by integer references accounts,
  made_at timestamptz not null,
  -- SHA-256 over who is told by which way: what is approved is this and nothing else.
  people_hash bytea not null,
  -- SHA-256 of the mail settings it was approved with; null where nobody gets a mail.
  mail_hash bytea,
  already integer not null,
  suspended integer not null,
  gone integer not null,
  request_no integer references approvals,
  approved_by integer references accounts,
  approved_at timestamptz,
  -- By whose rights the mails are made.
  started_by integer references accounts,
  started_at timestamptz,
  ended_at timestamptz,
  problem text
);
create index incident_notices_incident on incident_notices (incident_no, notice_no);
create index incident_notices_draft on incident_notices (draft_no);
create index incident_notices_scope on incident_notices (scope_no);
create index incident_notices_made_by on incident_notices (made_by);
create index incident_notices_request on incident_notices (request_no);
create index incident_notices_approved_by on incident_notices (approved_by);
create index incident_notices_started_by on incident_notices (started_by);

create table incident_notice_people (
  -- Printed on the letter.
  person_no integer generated always as identity primary key,
  notice_no integer not null references incident_notices,
  customer_no integer not null,
  way text not null check (way in ('mail', 'letter', 'none')),
  outcome text not null check (
    outcome in ('planned', 'sending', 'sent', 'unsure', 'refused', 'bounced', 'printed', 'returned', 'replaced', 'reached', 'substitute', 'gone')
  ),
  -- What `reached` took the place of.
  former text,
  -- Of a letter: the file it stands in.
  part_no smallint,
  -- Of a mail: 80 random bits that its return path and Message-ID carry.
  token text unique,
  -- The run of the job that holds it; null: none does.
  held_by integer,
  tries smallint not null default 0,
  -- Status code of the mail system (RFC 3463, RFC 5321).
  status text check (status ~ '^[0-9.]{1,12}$'),
  at timestamptz not null,
  posted_on date,
  unique (notice_no, customer_no)
);
create index incident_notice_people_next on incident_notice_people (notice_no, way, outcome, person_no);
create index incident_notice_people_customer on incident_notice_people (customer_no);
create index incident_notice_people_part on incident_notice_people (notice_no, part_no) where part_no is not null;

-- By which mail server notices leave, sealed; one for the house.
create table notice_mail (
  is_only boolean primary key default true check (is_only),
  settings_sealed bytea not null,
  -- SHA-256 of the settings without the password: what an approval is bound to.
  hash bytea not null,
  set_by integer references accounts,
  set_at timestamptz not null
);
create index notice_mail_set_by on notice_mail (set_by);

grant select, insert, update on incident_notices, incident_notice_people, notice_mail to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
