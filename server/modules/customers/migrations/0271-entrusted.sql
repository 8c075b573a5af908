-- Of whom we keep data because a company entrusted us with it (委託元), and since which import. One person may be entrusted by several
-- companies. Numbers and times; a row is guarded like the customer whom it names, and dies with that person.
create table entrusted_customers (
  customer_no integer not null references customers on delete cascade,
  company_no integer not null references companies,
  import_no integer,
  since timestamptz not null,
  primary key (customer_no, company_no)
);
create index entrusted_customers_company on entrusted_customers (company_no, customer_no);
create index entrusted_customers_import on entrusted_customers (import_no) where import_no is not null;
alter table entrusted_customers enable row level security;
alter table entrusted_customers force row level security;
create policy entrusted_customers_in_scope on entrusted_customers to kuraban_app
  using (
    (select current_setting('kuraban.reads_all', true)) = 'on'
    or exists (select from customers c where c.customer_no = entrusted_customers.customer_no)
  );
grant select, insert, delete on entrusted_customers to kuraban_app;
