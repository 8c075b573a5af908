-- What decided who might read whom, change by change, taken out of the ledger (and rebuildable from it: delete the rows), so
-- that the rights of any moment are known in seconds. Numbers and codes; no value of anybody.
create table rights_changes (
  -- The event; 0: what stood when this table was made, for changes before their events said so.
  event_no bigint primary key,
  at timestamptz not null,
  -- A change of policy: its version and what the event says of the new state.
  policy_version integer,
  facts jsonb,
  -- A change of where customers stand: numbers ascending, owners (0: nobody) and cells (0: gone), int4 big-endian each.
  numbers bytea,
  owners bytea,
  cells bytea,
  check ((facts is null) or (policy_version is not null)),
  check (length(numbers) = length(owners) and length(numbers) = length(cells))
);
create unique index rights_changes_policy on rights_changes (policy_version) where policy_version is not null;
create index rights_changes_at on rights_changes (at);

-- Up to which event the ledger was read; later ones are read again, because an earlier number may be committed later.
create table rights_changes_state (
  one boolean primary key default true check (one),
  settled_event bigint not null
);
insert into rights_changes_state (settled_event) values (0);

-- Where every customer stands, packed as above. Asked once, here.
create function customer_standings()
returns table (numbers bytea, owners bytea, cells bytea)
language sql stable security definer rows 1 set search_path = pg_catalog, public, pg_temp as $$
  select string_agg(int4send(c.customer_no), '' order by c.customer_no),
         string_agg(int4send(coalesce(c.owner_no, 0)), '' order by c.customer_no),
         string_agg(int4send(c.cell_no), '' order by c.customer_no)
    from public.customers c
$$;
revoke execute on function customer_standings() from public;
grant create on schema public to kuraban_search;
alter function customer_standings() owner to kuraban_search;
revoke create on schema public from kuraban_search;
grant execute on function customer_standings() to current_user;
insert into rights_changes (event_no, at, numbers, owners, cells)
select 0, now(), coalesce(s.numbers, ''), coalesce(s.owners, ''), coalesce(s.cells, '') from customer_standings() s;
drop function customer_standings();

grant select, insert on rights_changes to kuraban_app;
grant select, update on rights_changes_state to kuraban_app;
