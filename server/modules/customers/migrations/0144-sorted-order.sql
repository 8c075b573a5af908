-- The order of all active customers by a field, for long lists: customer numbers and versions in pages sealed as secrets of
-- the storehouse (modules/customers/order). Made by the house in the background; whoever opens a list may read them, sealed.
create table order_pages (
  field_no smallint not null,
  page_no integer not null,
  -- Counts the orders of a field; all its pages have the same.
  version integer not null,
  built_at timestamptz not null,
  sealed bytea not null,
  primary key (field_no, page_no)
);
alter table order_pages alter column sealed set storage external;
alter table order_pages enable row level security;
alter table order_pages force row level security;
create policy order_pages_read on order_pages for select to kuraban_app using (true);
create policy order_pages_made on order_pages to kuraban_app using ((select current_setting('kuraban.house', true)) = 'on');
grant select, insert, update, delete on order_pages to kuraban_app;
