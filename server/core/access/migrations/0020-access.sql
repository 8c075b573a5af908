-- Who may see what. Everything here is policy: a change raises organisation.policy_version in the same transaction and
-- stands in the ledger with its full new state.

create table organisation (
  one boolean primary key default true check (one),
  name text not null default '',
  policy_version integer not null default 1,
  combined_office boolean not null default false,
  idle_lock_seconds integer not null default 900,
  set_up_at timestamptz
);
insert into organisation default values;

create table departments (
  department_no integer generated always as identity primary key,
  parent_no integer references departments,
  name text not null,
  is_closed boolean not null default false
);
create index departments_parent on departments (parent_no);

-- A cell is what a customer carries. It never changes with a reorganisation: cells move between departments instead.
create table cells (
  cell_no integer generated always as identity primary key,
  department_no integer not null references departments
);
create index cells_department on cells (department_no);

create table roles (
  role_key text primary key,
  definition jsonb not null,
  is_shipped boolean not null default false
);

create table fields (
  field_no smallint primary key check (field_no between 1 and 63),
  kind text not null,
  key text not null,
  class smallint not null check (class between 0 and 3),
  target_class smallint check (target_class between 0 and 3),
  -- Classes whose blobs may still hold the field while it is resealed.
  stored_classes smallint[] not null,
  unique (kind, key)
);

create table accounts (
  account_no integer generated always as identity primary key,
  state text not null check (state in ('invited', 'active', 'disabled')),
  department_no integer references departments,
  version integer not null default 1,
  sealed_internal bytea not null,
  -- Exact keyed token of the folded mail address: login finds the account by it.
  mail_token bytea not null unique,
  password_hash text,
  former_password_hashes text[] not null default '{}',
  totp_sealed bytea,
  totp_last_step bigint not null default 0,
  created_at timestamptz not null,
  last_seen_at timestamptz
);
create index accounts_department on accounts (department_no);

create table account_roles (
  account_no integer not null references accounts,
  role_key text not null references roles,
  primary key (account_no, role_key)
);
create index account_roles_role on account_roles (role_key);

-- The scope of an account as PostgreSQL applies it, rebuilt by every change of policy in the same transaction.
create table account_scopes (
  account_no integer primary key references accounts,
  cells integer[] not null,
  reads_all_customers boolean not null,
  reads_cell_customers boolean not null,
  reads_own_customers boolean not null,
  reads_companies boolean not null
);

create table sessions (
  session_id uuid primary key,
  token_hash bytea not null unique,
  account_no integer not null references accounts,
  started_at timestamptz not null,
  last_seen_at timestamptz not null,
  idle_seconds integer not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  address text not null,
  device text not null
);
create index sessions_account on sessions (account_no, expires_at);

-- Opens a request: finds the session, checks it, sets what row-level security reads, and says under which policy.
-- One round trip together with BEGIN, so that a revocation is seen by every node at once. No row: not signed in.
create function begin_session(given_token_hash bytea, at timestamptz)
returns table (session_id uuid, account_no integer, cells integer[], policy_version integer)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  found_session record;
begin
  select s.session_id, s.account_no, s.last_seen_at, c.cells, c.reads_all_customers, c.reads_cell_customers,
         c.reads_own_customers, c.reads_companies, o.policy_version
    into found_session
    from public.sessions s
    join public.accounts a on a.account_no = s.account_no and a.state = 'active'
    join public.account_scopes c on c.account_no = s.account_no
    cross join public.organisation o
   where s.token_hash = given_token_hash and s.revoked_at is null and s.expires_at > at
     and s.last_seen_at + make_interval(secs => s.idle_seconds) > at;
  if not found then
    return;
  end if;
  if found_session.last_seen_at < at - interval '60 seconds' then
    -- Requests of one session that come together do not wait for each other: one of them notes the time.
    update public.sessions s set last_seen_at = at
     where s.session_id in (select l.session_id from public.sessions l where l.session_id = found_session.session_id for no key update skip locked);
    update public.accounts a set last_seen_at = at
     where a.account_no in (select l.account_no from public.accounts l where l.account_no = found_session.account_no for no key update skip locked);
  end if;
  perform pg_catalog.set_config('kuraban.account', found_session.account_no::text, true),
          pg_catalog.set_config('kuraban.reads_all', case when found_session.reads_all_customers then 'on' else 'off' end, true),
          pg_catalog.set_config('kuraban.cells', case when found_session.reads_cell_customers then found_session.cells::text else '{}' end, true),
          pg_catalog.set_config('kuraban.own', case when found_session.reads_own_customers then found_session.account_no::text else '0' end, true),
          pg_catalog.set_config('kuraban.companies', case when found_session.reads_companies then 'on' else 'off' end, true);
  session_id := found_session.session_id;
  account_no := found_session.account_no;
  cells := found_session.cells;
  policy_version := found_session.policy_version;
  return next;
end $$;
revoke execute on function begin_session(bytea, timestamptz) from public;
grant execute on function begin_session(bytea, timestamptz) to kuraban_app;

grant select, insert, update on organisation, departments, cells, roles, fields, accounts, sessions to kuraban_app;
grant select, insert, update, delete on account_roles, account_scopes to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
