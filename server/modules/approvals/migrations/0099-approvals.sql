-- Requests for a second person's judgement. Clear are numbers, codes and times; reason and comment are sealed under a key of
-- the request's own (query_no). It holds numbers of customers and no row of one.

create table approvals (
  request_no integer generated always as identity primary key,
  kind text not null,
  state text not null default 'waiting' check (state in ('waiting', 'approved', 'refused', 'withdrawn', 'expired')),
  version integer not null default 1,
  asked_by integer not null references accounts,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  purpose text,
  -- Numbers and codes by which it is judged.
  facts jsonb not null,
  customer_nos integer[] not null default '{}' check (cardinality(customer_nos) <= 10000),
  query_no bigint not null,
  sealed_reason bytea not null,
  decided_by integer references accounts check (decided_by <> asked_by),
  decided_at timestamptz,
  sealed_comment bytea
);
create index approvals_asked_by on approvals (asked_by, request_no);
create index approvals_decided_by on approvals (decided_by, request_no);
create index approvals_waiting on approvals (expires_at) where state = 'waiting';

grant select, insert, update on approvals to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
