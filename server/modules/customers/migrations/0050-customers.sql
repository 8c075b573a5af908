-- Customers and companies. What was typed or imported stands in sealed blobs, one a field class; clear are numbers, owner,
-- cell, company, state, version and times. Row-level security is the second wall behind the door: it stops a forgotten
-- WHERE, not a hijacked application (which sets its own settings).

create table companies (
  company_no integer generated always as identity primary key,
  state text not null default 'active' check (state in ('active', 'trashed')),
  version integer not null,
  import_no integer,
  sealed_open bytea,
  sealed_internal bytea,
  sealed_personal bytea,
  sealed_sensitive bytea,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table customers (
  customer_no integer generated always as identity primary key,
  owner_no integer references accounts,
  cell_no integer not null references cells,
  company_no integer references companies,
  state text not null default 'active' check (state in ('active', 'trashed')),
  version integer not null,
  import_no integer,
  sealed_open bytea,
  sealed_internal bytea,
  sealed_personal bytea,
  sealed_sensitive bytea,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
alter table customers alter column sealed_personal set storage external, alter column sealed_internal set storage external,
  alter column sealed_open set storage external, alter column sealed_sensitive set storage external;
alter table companies alter column sealed_personal set storage external, alter column sealed_internal set storage external,
  alter column sealed_open set storage external, alter column sealed_sensitive set storage external;
create index customers_owner on customers (owner_no, customer_no);
create index customers_cell on customers (cell_no, customer_no);
create index customers_company on customers (company_no);
create index customers_import on customers (import_no) where import_no is not null;
create index companies_import on companies (import_no) where import_no is not null;

-- The blind index: keyed tokens of folded grams, and clear scope tokens, so that scope is part of the index condition.
create table customer_search (
  customer_no integer primary key references customers,
  tokens integer[] not null
);
create index customer_search_tokens on customer_search using gin (tokens) with (fastupdate = on);
create table company_search (
  company_no integer primary key references companies,
  tokens integer[] not null
);
create index company_search_tokens on company_search using gin (tokens) with (fastupdate = on);

-- A list as it was asked for. The typed words are sealed; the URL holds the handle only.
create table customer_views (
  view_id uuid primary key,
  account_no integer not null references accounts,
  -- Names the key under which the typed words are sealed: 40 random bits.
  query_no bigint not null,
  request jsonb not null,
  sealed_search bytea,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index customer_views_account on customer_views (account_no);
create index customer_views_expiry on customer_views (expires_at);

alter table customers enable row level security;
alter table customers force row level security;
create policy customers_in_scope on customers to kuraban_app
  using (
    (select current_setting('kuraban.reads_all', true)) = 'on'
    or cell_no = any ((select nullif(current_setting('kuraban.cells', true), ''))::integer[])
    or owner_no = (select nullif(current_setting('kuraban.own', true), ''))::integer
  );
alter table companies enable row level security;
alter table companies force row level security;
create policy companies_in_scope on companies to kuraban_app
  using ((select current_setting('kuraban.companies', true)) = 'on');

-- The app may write tokens but not read them: searching goes through the function below.
alter table customer_search enable row level security;
alter table customer_search force row level security;
create policy customer_search_written on customer_search to kuraban_app using (true);
create policy customer_search_searched on customer_search for select to kuraban_search using (true);
alter table company_search enable row level security;
alter table company_search force row level security;
create policy company_search_written on company_search to kuraban_app using (true);
create policy company_search_searched on company_search for select to kuraban_search using (true);
alter table customer_views enable row level security;
alter table customer_views force row level security;
create policy customer_views_own on customer_views to kuraban_app
  using (account_no = (select nullif(current_setting('kuraban.account', true), ''))::integer);

grant select, insert, update on customers, companies to kuraban_app;
grant insert, update, delete on customer_search, company_search to kuraban_app;
grant select (customer_no) on customer_search to kuraban_app;
grant select (company_no) on company_search to kuraban_app;
grant select, insert, update, delete on customer_views to kuraban_app;
grant select on customer_search, company_search to kuraban_search;
grant usage on all sequences in schema public to kuraban_app;

-- A search as a condition over `tokens`. `terms` is `;`-separated (AND) lists of `|`-separated (OR) sets of `,`-separated
-- tokens (all must be present). It holds digits and these signs alone, so that nothing typed reaches the text of a query.
create function search_condition(terms text) returns text
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select case when terms ~ '^-?[0-9]+([,|;]-?[0-9]+)*$' then
    '(tokens @> ''{' || replace(replace(terms, '|', '}''::integer[] or tokens @> ''{'), ';', '}''::integer[]) and (tokens @> ''{') || '}''::integer[])'
  end
$$;

-- Candidates of a search within the session's scope, as numbers, in their order. The text is made anew for each search, so
-- that PostgreSQL plans it for these very tokens.
--
-- Comparing two arrays costs far more than the planner thinks of an operator: without the setting it walks the primary key
-- and filters where the index would answer.
create function search_customers(terms text, after_no integer, most integer)
returns setof integer
language plpgsql stable security definer rows 60
set search_path = pg_catalog, public, pg_temp set cpu_operator_cost = 0.05 as $$
declare
  condition text := search_condition(terms);
  scope_tokens text;
begin
  if condition is null then
    return;
  end if;
  if coalesce(current_setting('kuraban.reads_all', true), '') <> 'on' then
    scope_tokens := trim(both '{}' from coalesce(current_setting('kuraban.cells', true), ''));
    if coalesce(nullif(current_setting('kuraban.own', true), ''), '0') <> '0' then
      -- Owner tokens carry mode 1 (bits 22-23) of field 0.
      scope_tokens := concat_ws(',', nullif(scope_tokens, ''), current_setting('kuraban.own', true)::integer | (1 << 22));
    end if;
    if scope_tokens = '' then
      return;
    end if;
    condition := condition || format(' and tokens && %L::integer[]', '{' || scope_tokens || '}');
  end if;
  return query execute 'select customer_no from public.customer_search where customer_no > $1 and ' || condition || ' order by customer_no limit $2'
    using after_no, most;
end $$;

create function search_companies(terms text, after_no integer, most integer)
returns setof integer
language plpgsql stable security definer rows 60 set search_path = pg_catalog, public, pg_temp as $$
declare
  condition text := search_condition(terms);
begin
  if condition is null or coalesce(current_setting('kuraban.companies', true), '') <> 'on' then
    return;
  end if;
  return query execute 'select company_no from public.company_search where company_no > $1 and ' || condition || ' order by company_no limit $2'
    using after_no, most;
end $$;
revoke execute on function search_condition(text) from public;
grant execute on function search_condition(text) to kuraban_search;
revoke execute on function search_customers(text, integer, integer), search_companies(text, integer, integer) from public;
grant execute on function search_customers(text, integer, integer), search_companies(text, integer, integer) to kuraban_app;
-- CREATE on the schema is what ALTER … OWNER asks of the new owner; it is taken back at once.
grant create on schema public to kuraban_search;
alter function search_customers(text, integer, integer) owner to kuraban_search;
alter function search_companies(text, integer, integer) owner to kuraban_search;
revoke create on schema public from kuraban_search;
