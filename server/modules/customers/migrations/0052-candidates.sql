-- Bulk work on the blind index (an import): who carries one of many tokens, and taking in what was written at once.

-- Numbers of customers within the session's scope that carry at least one of the tokens. In parts of 500, because the index
-- compares each token of a part with each. Sequential scans are never worth it here, whatever the planner thinks of `&&`.
create function find_customers_by_tokens(wanted integer[])
returns setof integer
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set enable_seqscan = off as $$
declare
  scope_tokens integer[];
  reads_all boolean := coalesce(current_setting('kuraban.reads_all', true), 'off') = 'on';
  first integer := 1;
begin
  if not reads_all then
    select array_agg(c) into scope_tokens from unnest(coalesce(nullif(current_setting('kuraban.cells', true), ''), '{}')::integer[]) c;
    if coalesce(nullif(current_setting('kuraban.own', true), ''), '0') <> '0' then
      -- Owner tokens carry mode 1 (bits 22–23) of field 0.
      scope_tokens := scope_tokens || (current_setting('kuraban.own', true)::integer | (1 << 22));
    end if;
    if scope_tokens is null then
      return;
    end if;
  end if;
  while first <= cardinality(wanted) loop
    if reads_all then
      return query execute 'select customer_no from public.customer_search where tokens && $1' using wanted[first:first + 499];
    else
      return query execute 'select customer_no from public.customer_search where tokens && $1 and tokens && $2'
        using wanted[first:first + 499], scope_tokens;
    end if;
    first := first + 500;
  end loop;
end $$;

create function find_companies_by_tokens(wanted integer[])
returns setof integer
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set enable_seqscan = off as $$
declare
  first integer := 1;
begin
  if coalesce(current_setting('kuraban.companies', true), 'off') <> 'on' then
    return;
  end if;
  while first <= cardinality(wanted) loop
    return query execute 'select company_no from public.company_search where tokens && $1' using wanted[first:first + 499];
    first := first + 500;
  end loop;
end $$;

-- Moves what was written into the index proper, all at once, which costs a tenth of doing it row by row. To be called by
-- whoever wrote thousands of rows; it is the owner's to do.
create function settle_search() returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_catalog.gin_clean_pending_list('public.customer_search_tokens'), pg_catalog.gin_clean_pending_list('public.company_search_tokens');
end $$;

revoke execute on function find_customers_by_tokens(integer[]), find_companies_by_tokens(integer[]), settle_search() from public;
grant execute on function find_customers_by_tokens(integer[]), find_companies_by_tokens(integer[]), settle_search() to kuraban_app;
grant create on schema public to kuraban_search;
alter function find_customers_by_tokens(integer[]) owner to kuraban_search;
alter function find_companies_by_tokens(integer[]) owner to kuraban_search;
revoke create on schema public from kuraban_search;
