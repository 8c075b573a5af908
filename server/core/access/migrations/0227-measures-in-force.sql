-- What is held, shut or frozen at the moment. It is asked together with who is there, so that it is in force for every node at
-- the next request and ends by itself at its time. `infinity`: until it is lifted; `-infinity`: not in force.

alter table organisation
  add exports_held_until timestamptz not null default '-infinity',
  add read_only_until timestamptz not null default '-infinity',
  add stopped_until timestamptz not null default '-infinity',
  -- Lists that were made until then are drawn no more.
  add lists_withdrawn_at timestamptz not null default '-infinity',
  -- A department or role with more holders is frozen by two persons.
  add most_frozen_alone integer not null default 10 check (most_frozen_alone between 0 and 1000);

alter table accounts add frozen_until timestamptz not null default '-infinity';
-- What ended a session, where a measure did: the number of the measure.
alter table sessions add cut_by_measure integer;

-- Whom a freeze means. Who takes up a frozen role, or moves to a frozen department, is frozen with it.
create table freezes (
  measure_no integer primary key,
  account_no integer references accounts,
  role_key text references roles,
  department_no integer references departments,
  until timestamptz not null,
  check (num_nonnulls(account_no, role_key, department_no) = 1)
);
create index freezes_account on freezes (account_no);
create index freezes_role on freezes (role_key);
create index freezes_department on freezes (department_no);
grant select, insert, delete on freezes to kuraban_app;

-- The accounts that a freeze of this kind means. A department with all below it.
create function accounts_meant(given_account integer, given_role text, given_department integer) returns setof integer
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  with recursive below (department_no) as (
    select d.department_no from public.departments d where d.department_no = given_department
    union select d.department_no from public.departments d join below b on d.parent_no = b.department_no)
  select a.account_no from public.accounts a where a.account_no = given_account
  union select r.account_no from public.account_roles r where r.role_key = given_role
  union select a.account_no from public.accounts a join below b on b.department_no = a.department_no
$$;

-- Belongs into the transaction of each freeze and of each change of roles and departments.
create function refresh_freezes() returns void
language sql set search_path = pg_catalog, public, pg_temp as $$
  with meant as (
    select m.account_no, max(f.until) as until
      from public.freezes f cross join lateral public.accounts_meant(f.account_no, f.role_key, f.department_no) as m (account_no)
     group by m.account_no)
  update public.accounts a set frozen_until = coalesce(m.until, '-infinity')
    from public.accounts b left join meant m on m.account_no = b.account_no
   where b.account_no = a.account_no and a.frozen_until is distinct from coalesce(m.until, '-infinity')
$$;

create function in_force_at(organisation organisation, at timestamptz) returns smallint
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select ((case when organisation.exports_held_until > at then 1 else 0 end)
        | (case when organisation.read_only_until > at then 2 else 0 end)
        | (case when organisation.stopped_until > at then 4 else 0 end))::smallint
$$;

revoke execute on function accounts_meant(integer, text, integer), refresh_freezes(), in_force_at(organisation, timestamptz) from public;
grant execute on function accounts_meant(integer, text, integer), refresh_freezes(), in_force_at(organisation, timestamptz) to kuraban_app;

-- As before, with what is in force, and nobody comes in who is frozen.
drop function begin_session(bytea, timestamptz);
create function begin_session(given_token_hash bytea, at timestamptz)
returns table (session_id uuid, account_no integer, cells integer[], policy_version integer, in_force smallint)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  found_session record;
begin
  select s.session_id, s.account_no, s.last_seen_at, c.cells, c.reads_all_customers, c.reads_cell_customers,
         c.reads_own_customers, c.reads_companies, o.policy_version,
         (case when o.exports_held_until > at then 1 else 0 end)
           | (case when o.read_only_until > at then 2 else 0 end)
           | (case when o.stopped_until > at then 4 else 0 end) as in_force
    into found_session
    from public.sessions s
    join public.accounts a on a.account_no = s.account_no and a.state = 'active' and a.frozen_until <= at
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
  in_force := found_session.in_force;
  return next;
end $$;
revoke execute on function begin_session(bytea, timestamptz) from public;
grant execute on function begin_session(bytea, timestamptz) to kuraban_app;

-- Nodes hear of it with the commit, and tell the pages that stand open.
create function notify_standing() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_catalog.pg_notify('standing', '');
  return null;
end $$;
create trigger organisation_standing after update of exports_held_until, read_only_until, stopped_until, lists_withdrawn_at on organisation
  for each statement execute function notify_standing();
create trigger accounts_standing after update of state, frozen_until on accounts
  for each statement execute function notify_standing();
create trigger sessions_standing after update of revoked_at on sessions
  for each statement execute function notify_standing();
