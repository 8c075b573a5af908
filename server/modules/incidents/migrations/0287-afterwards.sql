-- What follows an incident (事後対応). Numbers, codes and days; what was typed stands sealed under the incident's key, a note about
-- somebody under that person's.

-- 再発防止策: each until it is proven.
create table incident_preventions (
  prevention_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  owner_no integer not null references accounts,
  due_on date not null,
  state text not null default 'planned' check (state in ('planned', 'done', 'proven', 'dropped')),
  made_by integer references accounts,
  made_at timestamptz not null,
  done_by integer references accounts,
  done_at timestamptz,
  proven_by integer references accounts,
  proven_at timestamptz,
  proof_way text check (proof_way in ('test', 'inspection', 'records', 'training', 'outside')),
  proof_event bigint,
  reminders smallint not null default 0,
  reminded_on date,
  version integer not null default 1,
  -- {what}, {note}, {evidence}, {reason}
  sealed_what bytea not null,
  sealed_note bytea,
  sealed_evidence bytea,
  sealed_reason bytea,
  check ((state = 'proven') = (proven_at is not null)),
  -- Whoever carried it out does not prove it.
  check (proven_by is null or proven_by is distinct from done_by)
);
create index incident_preventions_incident on incident_preventions (incident_no);
create index incident_preventions_owner on incident_preventions (owner_no) where state = 'planned';
create index incident_preventions_owner_no on incident_preventions (owner_no);
create index incident_preventions_made_by on incident_preventions (made_by);
create index incident_preventions_done_by on incident_preventions (done_by);
create index incident_preventions_proven_by on incident_preventions (proven_by);
create index incident_preventions_due on incident_preventions (due_on) where state = 'planned';

-- 補償・対応台帳. Read by whoever handles incidents, whatever the scope of their rights.
create table incident_redress (
  redress_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  -- Null: a cost of the house. No reference: whoever is erased stands here by number.
  customer_no integer,
  kind text not null,
  amount integer not null check (amount >= 0),
  state text not null check (state in ('planned', 'sent', 'settled', 'returned', 'declined')),
  on_day date,
  -- {note}: of the person; of a cost of the house, of the incident.
  sealed_note bytea,
  changed_by integer references accounts,
  changed_at timestamptz not null,
  version integer not null default 1
);
create unique index incident_redress_person on incident_redress (incident_no, customer_no, kind) where customer_no is not null;
create index incident_redress_kind on incident_redress (incident_no, kind, state);
create index incident_redress_customer on incident_redress (customer_no) where customer_no is not null;
create index incident_redress_changed_by on incident_redress (changed_by);

-- 教訓 and 懲戒の記録, in versions that are only added to.
create sequence incident_lesson_numbers as integer;
create table incident_lessons (
  lesson_no integer not null,
  version smallint not null,
  incident_no integer not null references incidents,
  kind text not null check (kind in ('lesson', 'discipline')),
  account_no integer references accounts,
  -- {text}; null: taken back.
  sealed_text bytea,
  written_by integer references accounts,
  written_at timestamptz not null,
  primary key (lesson_no, version)
);
create index incident_lessons_incident on incident_lessons (incident_no);
create index incident_lessons_account on incident_lessons (account_no);
create index incident_lessons_written_by on incident_lessons (written_by);

grant select, insert, update on incident_preventions, incident_redress to kuraban_app;
grant select, insert on incident_lessons to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
