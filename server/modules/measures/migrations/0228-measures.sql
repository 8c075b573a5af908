-- Measures (応急措置): what is cut, frozen, held or shut, by whom, when, and until when. What is in force at the moment follows
-- from these rows and stands beside what each request asks (0227). The reason is sealed under a key of the row's own; the words
-- of a stop are written for everybody who opens the page, and stand clear.

create table measures (
  measure_no integer generated always as identity primary key,
  kind text not null check (kind in ('cut-sessions', 'freeze', 'hold-exports', 'withdraw-lists', 'read-only', 'stop')),
  target text not null check (target in ('service', 'everybody', 'account', 'role', 'department')),
  account_no integer references accounts,
  role_key text references roles,
  department_no integer references departments,
  incident_no integer,
  is_drill boolean not null,
  -- Null: by the terminal.
  taken_by integer references accounts,
  taken_at timestamptz not null,
  -- Null while it waits for a second person.
  began_at timestamptz,
  -- What was asked for; null: until it is lifted.
  ends_at timestamptz,
  -- Set where it took effect before a second person confirmed: it falls back then.
  confirm_by timestamptz,
  request_no integer references approvals,
  confirmed_by integer references accounts check (confirmed_by <> taken_by),
  confirmed_at timestamptz,
  ended_at timestamptz,
  ended_by integer references accounts,
  ended_how text check (ended_how in ('done', 'lifted', 'refused', 'withdrawn', 'over', 'unconfirmed')),
  accounts_meant integer not null,
  sessions_cut integer not null,
  query_no bigint not null,
  sealed_reason bytea not null,
  message_ja text,
  message_en text,
  call_back text,
  check ((ended_at is null) = (ended_how is null))
);
create index measures_standing on measures (kind) where ended_at is null;
create index measures_incident on measures (incident_no) where incident_no is not null;
create index measures_account on measures (account_no);
create index measures_role on measures (role_key);
create index measures_department on measures (department_no);
create index measures_taken_by on measures (taken_by, taken_at);
create index measures_confirmed_by on measures (confirmed_by);
create index measures_ended_by on measures (ended_by);
create unique index measures_request on measures (request_no);
grant select, insert, update on measures to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
