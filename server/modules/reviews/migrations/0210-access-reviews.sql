-- Where a customer stands, for whoever may ask who sees any customer and reads none: numbers and states, nothing else.
grant select (use_suspended_at) on customers to kuraban_search;
create function customer_standing(wanted_no integer)
returns table (owner_no integer, cell_no integer, state text, is_suspended boolean)
language sql stable security definer rows 1 set search_path = pg_catalog, public, pg_temp as $$
  select c.owner_no, c.cell_no, c.state, c.use_suspended_at is not null from public.customers c where c.customer_no = wanted_no
$$;
revoke execute on function customer_standing(integer) from public;
grant execute on function customer_standing(integer) to kuraban_app;

-- How many active customers stand in each place: every reach is a sum of places.
create function count_customers_by_place()
returns table (cell_no integer, owner_no integer, customers integer)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select c.cell_no, c.owner_no, count(*)::integer from public.customers c where c.state = 'active' group by 1, 2
$$;
revoke execute on function count_customers_by_place() from public;
grant execute on function count_customers_by_place() to kuraban_app;

grant create on schema public to kuraban_search;
alter function customer_standing(integer) owner to kuraban_search;
alter function count_customers_by_place() owner to kuraban_search;
revoke create on schema public from kuraban_search;

-- A review of who may see what (棚卸し). What was found stands as it was when it was gathered; numbers and codes, no text.
create table access_reviews (
  review_no integer generated always as identity primary key,
  state text not null default 'gathering' check (state in ('gathering', 'open', 'signed')),
  opened_by integer not null references accounts,
  opened_at timestamptz not null,
  -- What was used is looked for in so many days before it was opened; from the beginning of the ledger where that is later.
  days smallint not null check (days between 1 and 400),
  observed_from timestamptz,
  policy_version integer,
  -- By role: staff, those who used it, whom all of them would no longer see.
  roles jsonb not null default '[]',
  signed_by integer references accounts,
  signed_at timestamptz,
  -- SHA-256 over the whole as it was signed off; stands in the event too.
  hash bytea,
  next_due_on date
);
create index access_reviews_opened_by on access_reviews (opened_by);
create index access_reviews_signed_by on access_reviews (signed_by);
-- One at a time.
create unique index access_reviews_under_way on access_reviews ((true)) where state <> 'signed';

create table access_review_accounts (
  review_no integer not null references access_reviews,
  account_no integer not null references accounts,
  found jsonb not null,
  decision text check (decision in ('keep', 'take-away', 'ask')),
  -- What is to be taken away: {roles, account}.
  takes jsonb,
  decided_by integer references accounts,
  decided_at timestamptz,
  -- Why, sealed under the account's key.
  sealed_reason bytea,
  primary key (review_no, account_no),
  check ((decision is null) = (decided_at is null) and (decision = 'take-away') = (takes is not null))
);
create index access_review_accounts_account on access_review_accounts (account_no);
create index access_review_accounts_decided_by on access_review_accounts (decided_by);

grant select, insert, update on access_reviews, access_review_accounts to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
