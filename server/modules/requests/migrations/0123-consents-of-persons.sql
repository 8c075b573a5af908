-- Purposes of use (利用目的) are the organisation's own list; what a person agreed to, when and how. Times and codes, no text.
create table use_purposes (
  purpose_no integer generated always as identity primary key,
  ja text not null,
  en text not null,
  -- in: only with consent. out: unless the person objects.
  opt text not null check (opt in ('in', 'out')),
  is_archived boolean not null default false
);
grant select, insert, update on use_purposes to kuraban_app;

create table customer_consents (
  consent_no integer generated always as identity primary key,
  customer_no integer not null references customers,
  purpose_no integer not null references use_purposes,
  -- given: agreed; objected: asked not to be.
  stance text not null check (stance in ('given', 'objected')),
  how text not null check (how in ('form', 'contract', 'oral', 'web', 'card', 'import')),
  recorded_by integer references accounts,
  recorded_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by integer references accounts
);
create unique index customer_consents_current on customer_consents (customer_no, purpose_no) where withdrawn_at is null;
create index customer_consents_customer on customer_consents (customer_no);
create index customer_consents_purpose on customer_consents (purpose_no);
create index customer_consents_recorded_by on customer_consents (recorded_by);
create index customer_consents_withdrawn_by on customer_consents (withdrawn_by);
alter table customer_consents enable row level security;
alter table customer_consents force row level security;
create policy customer_consents_in_scope on customer_consents to kuraban_app
  using ((select current_setting('kuraban.reads_all', true)) = 'on' or customer_no in (select c.customer_no from customers c));
grant select, insert, update, delete on customer_consents to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
