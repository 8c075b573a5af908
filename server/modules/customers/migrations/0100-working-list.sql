-- How a person arranges the work: columns and widths, views kept for later, stars. Codes and numbers are clear; the names of
-- views and what was typed into them are sealed.

create table list_layouts (
  account_no integer primary key references accounts,
  layout jsonb not null
);

create table saved_views (
  saved_view_no integer generated always as identity primary key,
  account_no integer not null references accounts,
  sharing text not null check (sharing in ('own', 'department', 'all')),
  cell_no integer references cells,
  -- Filters, sort and columns.
  request jsonb not null,
  sealed_name bytea not null,
  -- Names the key under which the typed words are sealed.
  query_no bigint,
  sealed_search bytea,
  created_at timestamptz not null,
  check ((sharing = 'department') = (cell_no is not null)),
  -- What was typed names somebody, and is its author's alone.
  check (sharing = 'own' or sealed_search is null),
  check ((query_no is null) = (sealed_search is null))
);
create index saved_views_account on saved_views (account_no);
create index saved_views_cell on saved_views (cell_no);

create table starred_customers (
  account_no integer not null references accounts,
  customer_no integer not null references customers on delete cascade,
  starred_at timestamptz not null,
  primary key (account_no, customer_no)
);
create index starred_customers_customer on starred_customers (customer_no);

alter table list_layouts enable row level security;
alter table list_layouts force row level security;
create policy list_layouts_own on list_layouts to kuraban_app
  using (account_no = (select nullif(current_setting('kuraban.account', true), ''))::integer);
alter table saved_views enable row level security;
alter table saved_views force row level security;
create policy saved_views_own on saved_views to kuraban_app
  using (account_no = (select nullif(current_setting('kuraban.account', true), ''))::integer);
create policy saved_views_shared on saved_views for select to kuraban_app
  using (
    sharing = 'all'
    or (sharing = 'department' and cell_no = any (array(
      select unnest(s.cells) from account_scopes s where s.account_no = (select nullif(current_setting('kuraban.account', true), ''))::integer
    )))
  );
alter table starred_customers enable row level security;
alter table starred_customers force row level security;
create policy starred_customers_own on starred_customers to kuraban_app
  using (account_no = (select nullif(current_setting('kuraban.account', true), ''))::integer);

grant select, insert, update, delete on list_layouts, saved_views to kuraban_app;
grant select, insert, delete on starred_customers to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
