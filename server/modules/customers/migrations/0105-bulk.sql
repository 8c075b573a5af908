-- Many at once: one operation, the customers it is about, and what each of them was before it, so that it can be undone.
-- Clear are numbers, codes and times; typed values stand sealed under a key of their own, former ones under the customer's.

create table bulk_operations (
  operation_no integer generated always as identity primary key,
  account_no integer not null references accounts,
  kind text not null check (kind in ('change', 'hand-over', 'trash', 'restore')),
  state text not null check (state in ('awaits-approval', 'running', 'done', 'failed', 'refused', 'undoing', 'undone')),
  -- Why it failed: the code of a problem.
  failure text,
  -- The approval that it waits for or was granted by.
  request_no integer,
  -- What it makes of each: owner, cell, company (absent: as it was).
  goal jsonb not null,
  -- Names the key under which the typed values are sealed: 40 random bits.
  query_no bigint,
  sealed_values bytea,
  persons integer not null,
  changed integer not null default 0,
  stayed integer not null default 0,
  refused integer not null default 0,
  put_back integer not null default 0,
  left_alone integer not null default 0,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  -- When what is needed for undoing it was removed.
  tidied_at timestamptz
);
create index bulk_operations_account on bulk_operations (account_no, operation_no);
create index bulk_operations_untidied on bulk_operations (created_at) where tidied_at is null;

create table bulk_members (
  operation_no integer not null references bulk_operations,
  customer_no integer not null,
  -- `changed` carries the state before and the version after; an undo leaves a row with another version alone.
  outcome text not null default 'waiting'
    check (outcome in ('waiting', 'changed', 'stayed', 'no-right', 'would-gain', 'other-state', 'suspended', 'gone', 'put-back', 'left-alone')),
  version integer,
  state text,
  owner_no integer,
  cell_no integer,
  company_no integer,
  sealed_open bytea,
  sealed_internal bytea,
  sealed_personal bytea,
  sealed_sensitive bytea,
  primary key (operation_no, customer_no)
);
create index bulk_members_customer on bulk_members (customer_no);
create index bulk_members_waiting on bulk_members (operation_no, customer_no) where outcome = 'waiting';

-- An operation is seen by whoever began it and by the house itself, which has no account.
alter table bulk_operations enable row level security;
alter table bulk_operations force row level security;
create policy bulk_operations_own on bulk_operations to kuraban_app
  using (
    account_no = (select nullif(current_setting('kuraban.account', true), ''))::integer
    or ((select coalesce(current_setting('kuraban.account', true), '')) = '' and (select current_setting('kuraban.reads_all', true)) = 'on')
  );
alter table bulk_members enable row level security;
alter table bulk_members force row level security;
create policy bulk_members_own on bulk_members to kuraban_app
  using (exists (select from bulk_operations o where o.operation_no = bulk_members.operation_no));
grant select, insert, update on bulk_operations to kuraban_app;
grant select, insert, update, delete on bulk_members to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
