-- Whom somebody printed an address of without asking, and when last: counted with the lists that they took out, so that
-- labels are no way around the limit. A row is guarded like the customer whom it names.
create table free_prints (
  account_no integer not null references accounts,
  customer_no integer not null references customers on delete cascade,
  printed_at timestamptz not null,
  primary key (account_no, customer_no)
);
create index free_prints_customer on free_prints (customer_no);
alter table free_prints enable row level security;
alter table free_prints force row level security;
create policy free_prints_in_scope on free_prints to kuraban_app
  using (exists (select from customers c where c.customer_no = free_prints.customer_no));

-- How far one's printer prints beside the mark, in tenths of a millimetre: to the right and downwards.
create table print_offsets (
  account_no integer primary key references accounts,
  right_tenths smallint not null check (right_tenths between -100 and 100),
  down_tenths smallint not null check (down_tenths between -100 and 100)
);
alter table print_offsets enable row level security;
alter table print_offsets force row level security;
create policy print_offsets_own on print_offsets to kuraban_app
  using (account_no = (select nullif(current_setting('kuraban.account', true), ''))::integer);

grant select, insert, update, delete on free_prints to kuraban_app;
grant select, insert, update on print_offsets to kuraban_app;
