-- Scopes of incidents: from causes to people in tiers. Numbers, codes and times; why somebody was moved is sealed under the
-- incident's key. A run is never overwritten but for what its verification came to.

create table incident_scopes (
  scope_no integer generated always as identity primary key,
  -- Null: asked from the command line.
  incident_no integer references incidents,
  asked_by integer references accounts,
  asked_at timestamptz not null,
  -- [{kind, values, keys, from, to}]: kinds, numbers, sessions, devices and addresses as the ledger names them.
  causes jsonb not null,
  -- Events with a higher number were not looked at.
  as_of_event bigint not null,
  as_of_at timestamptz not null,
  tree_size bigint,
  root_hash bytea,
  -- SHA-256 over the sorted tiers (scope/tiers.ts).
  hash bytea not null,
  confirmed integer not null,
  possible integer not null,
  existed integer not null,
  within_reach integer,
  -- {fields, sensitive, ways, proofs}.
  figures jsonb not null,
  -- The tiers, packed and compressed (scope/pack-tiers.ts).
  packed bytea not null,
  took_ms integer not null,
  verification text not null default 'pending' check (verification in ('pending', 'holds', 'fails')),
  verified_events bigint not null default 0,
  verify_of bigint not null default 0,
  verified_at timestamptz,
  findings integer not null default 0
);
alter table incident_scopes alter column packed set storage external;
create index incident_scopes_incident on incident_scopes (incident_no, scope_no);
create index incident_scopes_asked_by on incident_scopes (asked_by);

-- What the officer moved, apart from what was computed; the newest move of a person holds.
create table incident_scope_moves (
  move_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  -- The run that was looked at.
  scope_no integer not null references incident_scopes,
  persons integer[] not null,
  tier text not null check (tier in ('confirmed', 'possible', 'excluded')),
  moved_by integer references accounts,
  moved_at timestamptz not null,
  -- {reason}.
  sealed_reason bytea not null
);
create index incident_scope_moves_incident on incident_scope_moves (incident_no, move_no);
create index incident_scope_moves_scope on incident_scope_moves (scope_no);
create index incident_scope_moves_moved_by on incident_scope_moves (moved_by);

grant select, insert on incident_scopes, incident_scope_moves to kuraban_app;
grant update (verification, verified_events, verify_of, verified_at, findings) on incident_scopes to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;

-- Who existed, by number, whoever asks: four bytes a customer, ascending. Numbers alone.
grant select (created_at) on customers to kuraban_search;
create function customers_created_until(until timestamptz)
returns bytea language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(string_agg(int4send(c.customer_no), ''::bytea order by c.customer_no), ''::bytea) from public.customers c where c.created_at <= until
$$;
revoke execute on function customers_created_until(timestamptz) from public;
grant execute on function customers_created_until(timestamptz) to kuraban_app;
grant create on schema public to kuraban_search;
alter function customers_created_until(timestamptz) owner to kuraban_search;
revoke create on schema public from kuraban_search;
