-- The desk (窓口) of an incident. What callers and operators say stands sealed under the key of the incident; clear are numbers, codes
-- and times.
create table desks (
  incident_no integer primary key references incidents,
  opened_by integer references accounts,
  opened_at timestamptz not null,
  closed_by integer references accounts,
  closed_at timestamptz,
  -- What the facts were last told: {inquiries, harm}, and when.
  counted jsonb,
  counted_at timestamptz
);
create index desks_opened_by on desks (opened_by);
create index desks_closed_by on desks (closed_by);

create table desk_operators (
  incident_no integer not null references desks,
  account_no integer not null references accounts,
  ends_at timestamptz not null,
  added_by integer references accounts,
  added_at timestamptz not null,
  primary key (incident_no, account_no)
);
create index desk_operators_account on desk_operators (account_no);
create index desk_operators_added_by on desk_operators (added_by);

-- Whose looks were stopped because they asked for too many, until somebody lets them look again.
create table desk_stops (
  stop_no integer generated always as identity primary key,
  incident_no integer not null references desks,
  account_no integer not null references accounts,
  because text not null check (because in ('failed', 'persons')),
  found integer not null,
  stopped_at timestamptz not null,
  released_at timestamptz,
  released_by integer references accounts,
  -- {reason}
  sealed_reason bytea
);
create unique index desk_stops_standing on desk_stops (account_no) where released_at is null;
create index desk_stops_incident on desk_stops (incident_no);
create index desk_stops_account on desk_stops (account_no);
create index desk_stops_released_by on desk_stops (released_by);

create table desk_policy (
  one boolean primary key default true check (one),
  most_failed smallint not null default 8,
  most_persons smallint not null default 25,
  most_failed_of_person smallint not null default 5
);
insert into desk_policy default values;

-- One case: a call, a mail, a form, a letter, with all that follows from it.
create table desk_cases (
  case_no integer generated always as identity primary key,
  incident_no integer not null references desks,
  channel text not null check (channel in ('call', 'mail', 'form', 'letter')),
  caller text not null check (caller in ('self', 'agent')),
  opened_by integer references accounts,
  opened_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'closed')),
  -- The number of the customer whom the case is about, once the caller was identified. No reference: an erasure takes it away.
  person_no integer,
  answer text check (answer in ('affected', 'unaffected', 'checking')),
  escalated_at timestamptz,
  call_back_at timestamptz,
  has_harm boolean not null default false,
  has_papers boolean not null default false,
  check ((person_no is null) or (answer is not null))
);
create index desk_cases_incident on desk_cases (incident_no, case_no);
create index desk_cases_opened_by on desk_cases (opened_by);
create index desk_cases_person on desk_cases (person_no) where person_no is not null;
create index desk_cases_call_back on desk_cases (incident_no, call_back_at) where call_back_at is not null;
create index desk_cases_escalated on desk_cases (incident_no, escalated_at) where escalated_at is not null;

-- Each look. What was stated stands as keyed hashes for a day, so that trying again and again is noticed whoever tries, and whether
-- or not there is such a person.
create table desk_checks (
  check_no integer generated always as identity primary key,
  case_no integer not null references desk_cases,
  operator_no integer not null references accounts,
  at timestamptz not null,
  way text not null check (way in ('values', 'call-back')),
  kinds text[] not null,
  tokens bytea[] not null,
  outcome text not null check (outcome in ('passed', 'failed', 'calling')),
  person_no integer,
  answer text check (answer in ('affected', 'unaffected', 'checking')),
  -- Keys of fields, as they were told.
  items text[] not null default '{}',
  -- The run of the scope that answered.
  scope_no integer references incident_scopes
);
create index desk_checks_case on desk_checks (case_no);
create index desk_checks_operator on desk_checks (operator_no, at);
create index desk_checks_failed on desk_checks (at) where outcome = 'failed';
create index desk_checks_person on desk_checks (person_no) where person_no is not null;
create index desk_checks_scope on desk_checks (scope_no);

-- What was written of a case: only ever added to.
create table desk_entries (
  entry_no integer generated always as identity primary key,
  case_no integer not null references desk_cases,
  kind text not null check (kind in ('note', 'harm', 'papers', 'escalation', 'escalation-settled', 'call-back', 'call-back-done',
    'call-back-missed', 'closed', 'reopened')),
  at timestamptz not null,
  written_by integer references accounts,
  -- {text}; null: nothing was written, or the person was erased.
  sealed_text bytea,
  harm_kind text,
  harm_on date,
  harm_amount text,
  due_at timestamptz,
  papers text
);
create index desk_entries_case on desk_entries (case_no, entry_no);
create index desk_entries_written_by on desk_entries (written_by);

grant select, insert, update on desks, desk_operators, desk_stops, desk_cases to kuraban_app;
grant select, insert on desk_checks, desk_entries to kuraban_app;
grant select, update on desk_policy to kuraban_app;
-- An erasure takes away what says whom a check was about; so does the day after it.
grant update (tokens, person_no) on desk_checks to kuraban_app;
grant update (sealed_text) on desk_entries to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;

-- Alerts of the desk stand beside the others; their thresholds are the desk's.
alter table incident_alert_rules drop constraint incident_alert_rules_rule_check;
alter table incident_alert_rules add constraint incident_alert_rules_rule_check
  check (rule in ('people-in-hour', 'people-in-day', 'refusals-in-hour', 'odd-hours', 'desk'));
insert into incident_alert_rules (rule, is_on, threshold) values ('desk', true, 1);
