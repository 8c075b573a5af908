-- How many customers a right would reach, for whoever changes rights and reads no customer: a number and nothing else.
grant select (customer_no, owner_no, cell_no, state) on customers to kuraban_search;
create policy customers_counted on customers for select to kuraban_search using (true);

create function count_customers_reached(reaches_all boolean, reached_cells integer[], reached_owners integer[])
returns integer
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select count(*)::integer from public.customers
   where state = 'active' and (reaches_all or cell_no = any (reached_cells) or owner_no = any (reached_owners))
$$;
revoke execute on function count_customers_reached(boolean, integer[], integer[]) from public;
grant execute on function count_customers_reached(boolean, integer[], integer[]) to kuraban_app;
grant create on schema public to kuraban_search;
alter function count_customers_reached(boolean, integer[], integer[]) owner to kuraban_search;
revoke create on schema public from kuraban_search;
