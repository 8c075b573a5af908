-- Erasures (消去) and disposals (廃棄): asked for, allowed by a second person, carried out person by person as a job that may be
-- taken up again. `erasures` holds counts; the numbers of its customers stand in the members.
create table erasures (
  erasure_no integer generated always as identity primary key,
  kind text not null check (kind in ('erasure', 'disposal')),
  reason_code text not null check (reason_code in ('asked-by-person', 'no-longer-needed', 'term-over', 'trash-term-over')),
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'refused')),
  -- Of approvals.
  approval_no integer,
  -- Of person_requests, where the person asked.
  request_no integer references person_requests,
  asked_by integer not null references accounts,
  asked_at timestamptz not null,
  granted_by integer references accounts,
  granted_at timestamptz,
  persons integer not null,
  erased integer not null default 0,
  held integer not null default 0,
  done_at timestamptz,
  -- The key files of the known backups were overwritten; so many folders were out of reach.
  keys_refreshed_at timestamptz,
  keys_missed smallint
);
create index erasures_request on erasures (request_no);
create index erasures_asked_by on erasures (asked_by);
create index erasures_granted_by on erasures (granted_by);
grant select, insert, update on erasures to kuraban_app;

create table erasure_members (
  erasure_no integer not null references erasures,
  customer_no integer not null,
  rows_gone_at timestamptz,
  key_gone_at timestamptz,
  -- Left alone: a hold stood on it when its turn came.
  is_held boolean not null default false,
  primary key (erasure_no, customer_no)
);
create index erasure_members_customer on erasure_members (customer_no);
alter table erasure_members enable row level security;
alter table erasure_members force row level security;
create policy erasure_members_in_scope on erasure_members to kuraban_app
  using ((select current_setting('kuraban.reads_all', true)) = 'on' or customer_no in (select c.customer_no from customers c));
grant select, insert, update on erasure_members to kuraban_app;
