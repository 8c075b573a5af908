-- Background work, added in the transaction that gives rise to it. A job that runs is held by a session-level advisory lock
-- on its number (claim-job.ts), so PostgreSQL itself gives it free when its node dies.

create table jobs (
  job_no integer generated always as identity primary key,
  task text not null,
  -- Numbers and truth values alone: no text, so no personal value, can stand here.
  payload jsonb not null default '{}',
  -- Of one key at most one job waits. Asked for again while it runs, it runs once more afterwards (revision).
  key text unique,
  revision integer not null default 0,
  -- Not earlier than this. Moved on when a node takes the job, so that one which kills its node is not taken again at once.
  run_at timestamptz not null default now(),
  starts integer not null default 0,
  failures integer not null default 0,
  -- The code or class of the last failure, never its message.
  last_error text,
  created_at timestamptz not null default now(),
  constraint jobs_payload_without_text check (
    jsonb_typeof(payload) = 'object' and not jsonb_path_exists(payload, '$.** ? (@.type() == "string")')
  )
);
create index jobs_due on jobs (run_at, job_no);

grant select, insert, update, delete on jobs to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
