-- An account may be there for a term: at its end it is let in no more, whatever stands in its sessions.
alter table accounts add served_until timestamptz not null default 'infinity';
create trigger accounts_served after update of served_until on accounts
  for each statement execute function notify_standing();

-- As before, and nobody comes in whose term is over.
create or replace function begin_session(given_token_hash bytea, at timestamptz)
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
    join public.accounts a on a.account_no = s.account_no and a.state = 'active' and a.frozen_until <= at and a.served_until > at
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
