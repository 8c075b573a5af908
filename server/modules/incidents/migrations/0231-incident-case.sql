-- The case itself: facts, tasks, team, what people noted, reports of colleagues, alerts. What was typed is sealed under the key of
-- the incident; what no incident has yet (reports, the house's own playbooks) under a key of its own or of incident 0.

-- Facts (事実) in versions: never changed, only added to. Codes, days and numbers stand clear, because the rules compute with them.
create table incident_facts (
  fact_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  key text not null,
  certainty text not null check (certainty in ('confirmed', 'assumed', 'unknown')),
  -- Null: not known, or a text.
  value text,
  -- {value, source}
  sealed_text bytea,
  stated_by integer references accounts,
  stated_at timestamptz not null
);
create index incident_facts_incident on incident_facts (incident_no, key, fact_no);
create index incident_facts_stated_by on incident_facts (stated_by);

create table incident_tasks (
  task_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  -- Of the playbook; null for a task of this incident alone.
  task_key text,
  phase smallint not null check (phase between 1 and 6),
  kind text not null check (kind in ('collect', 'measure', 'secondary', 'afterwards', 'step')),
  owner_role text not null,
  due_at timestamptz,
  -- The act of the product that does it: scope, drafts, measures …
  link text,
  assigned_to integer references accounts,
  state text not null default 'open' check (state in ('open', 'done', 'skipped')),
  changed_by integer references accounts,
  changed_at timestamptz,
  version integer not null default 1,
  -- {title}: of incident 0 where the house's own playbook has it, else of this incident; null where the product's words stand.
  title_subject integer,
  sealed_title bytea,
  -- {note}: also the reason of one that was skipped.
  sealed_note bytea,
  check ((title_subject is null) = (sealed_title is null))
);
create unique index incident_tasks_key on incident_tasks (incident_no, task_key);
create index incident_tasks_assigned_to on incident_tasks (assigned_to) where state = 'open';
create index incident_tasks_changed_by on incident_tasks (changed_by);

create table incident_team (
  incident_no integer not null references incidents,
  role text not null,
  account_no integer not null references accounts,
  assigned_at timestamptz not null,
  primary key (incident_no, role, account_no)
);
create index incident_team_account on incident_team (account_no);

create table incident_notes (
  note_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  -- When it happened, as far as known.
  happened_at timestamptz not null,
  written_by integer references accounts,
  written_at timestamptz not null,
  sealed_text bytea not null
);
create index incident_notes_incident on incident_notes (incident_no, happened_at);
create index incident_notes_written_by on incident_notes (written_by);

-- What a colleague reported without signing in. Nobody who reports reads anything back but the receipt.
create table incident_reports (
  report_no integer generated always as identity primary key,
  receipt text not null unique,
  received_at timestamptz not null,
  address text not null,
  state text not null default 'new' check (state in ('new', 'opened', 'dismissed')),
  incident_no integer references incidents,
  handled_by integer references accounts,
  handled_at timestamptz,
  query_no bigint not null,
  -- {text, contact}
  sealed_text bytea not null,
  sealed_reason bytea
);
create index incident_reports_received on incident_reports (received_at);
create index incident_reports_incident on incident_reports (incident_no);
create index incident_reports_handled_by on incident_reports (handled_by);

-- Thresholds over the ledger.
create table incident_alert_rules (
  rule text primary key check (rule in ('people-in-hour', 'people-in-day', 'refusals-in-hour', 'odd-hours')),
  is_on boolean not null,
  threshold integer not null check (threshold between 1 and 10000000),
  -- Hours of the day in Japan; of `odd-hours` alone: from, before.
  from_hour smallint check (from_hour between 0 and 23),
  to_hour smallint check (to_hour between 0 and 23),
  changed_by integer references accounts,
  changed_at timestamptz
);
create index incident_alert_rules_changed_by on incident_alert_rules (changed_by);
insert into incident_alert_rules (rule, is_on, threshold, from_hour, to_hour) values
  ('people-in-hour', true, 300, null, null),
  ('people-in-day', true, 1000, null, null),
  ('refusals-in-hour', true, 20, null, null),
  ('odd-hours', true, 50, 22, 5);

create table incident_alerts (
  alert_no integer generated always as identity primary key,
  rule text not null references incident_alert_rules,
  -- Null: of nobody who had signed in.
  account_no integer references accounts,
  from_at timestamptz not null,
  to_at timestamptz not null,
  found integer not null,
  threshold integer not null,
  raised_at timestamptz not null,
  state text not null default 'new' check (state in ('new', 'opened', 'dismissed')),
  incident_no integer references incidents,
  handled_by integer references accounts,
  handled_at timestamptz,
  query_no bigint,
  sealed_reason bytea
);
-- One alert a rule, an account and a window.
create unique index incident_alerts_window on incident_alerts (rule, coalesce(account_no, 0), from_at);
create index incident_alerts_rule on incident_alerts (rule);
create index incident_alerts_account on incident_alerts (account_no);
create index incident_alerts_new on incident_alerts (raised_at) where state = 'new';
create index incident_alerts_incident on incident_alerts (incident_no);
create index incident_alerts_handled_by on incident_alerts (handled_by);

-- The house's own playbooks: the whole list of a playbook, in the place of the product's.
create table incident_playbook_tasks (
  playbook text not null,
  position smallint not null,
  task_key text not null,
  phase smallint not null check (phase between 1 and 6),
  kind text not null check (kind in ('collect', 'measure', 'secondary', 'afterwards', 'step')),
  owner_role text not null,
  due_hours integer check (due_hours between 0 and 10000),
  link text,
  -- {title} of incident 0; null: the product's words.
  sealed_title bytea,
  primary key (playbook, position)
);
create unique index incident_playbook_tasks_key on incident_playbook_tasks (playbook, task_key);

grant select, insert on incident_facts, incident_notes to kuraban_app;
grant select, insert, update on incident_tasks, incident_reports, incident_alerts, incident_alert_rules to kuraban_app;
grant select, insert, delete on incident_team, incident_playbook_tasks to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
