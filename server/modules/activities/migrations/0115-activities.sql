-- Contact notes with their next action, and purchases. What was typed stands sealed under the key of the customer (or the
-- company), so that it dies with it; clear are numbers, sorts, days, states and versions.

create table contact_notes (
  note_no integer generated always as identity primary key,
  -- Deferred: the modules erase a person's rows in any order within one transaction.
  customer_no integer references customers deferrable initially deferred,
  company_no integer references companies,
  kind text not null check (kind in ('note', 'call', 'visit', 'mail', 'meeting')),
  state text not null default 'active' check (state in ('active', 'trashed')),
  version integer not null,
  -- Null: the house itself (an import, a generator).
  author_no integer references accounts,
  happened_at timestamptz not null,
  sealed_note bytea,
  sealed_action bytea,
  due_on date,
  responsible_no integer references accounts,
  done_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((customer_no is null) <> (company_no is null)),
  check (sealed_note is not null or sealed_action is not null),
  check ((sealed_action is null) = (due_on is null))
);
create index contact_notes_customer on contact_notes (customer_no, happened_at desc);
create index contact_notes_company on contact_notes (company_no, happened_at desc);
create index contact_notes_author on contact_notes (author_no);
create index contact_notes_responsible on contact_notes (responsible_no);
create index contact_notes_due on contact_notes (responsible_no, due_on) where done_at is null and due_on is not null and state = 'active';

create table purchases (
  purchase_no integer generated always as identity primary key,
  customer_no integer not null references customers deferrable initially deferred,
  state text not null default 'active' check (state in ('active', 'trashed')),
  version integer not null,
  author_no integer references accounts,
  import_no integer,
  bought_on date not null,
  -- Product, quantity, amount and note as one JSON text.
  sealed_purchase bytea not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index purchases_customer on purchases (customer_no, bought_on desc);
create index purchases_author on purchases (author_no);
create index purchases_import on purchases (import_no) where import_no is not null;

-- A note or a purchase is seen by whoever sees the customer: the inner query stands under the customers' own policy. Where
-- all customers are read (the house, too), it need not be asked; when a person is erased the customer's row may be gone.
alter table contact_notes enable row level security;
alter table contact_notes force row level security;
create policy contact_notes_in_scope on contact_notes to kuraban_app
  using (
    case when customer_no is null then (select current_setting('kuraban.companies', true)) = 'on'
         else (select current_setting('kuraban.reads_all', true)) = 'on' or exists (select from customers c where c.customer_no = contact_notes.customer_no)
    end
  );
alter table purchases enable row level security;
alter table purchases force row level security;
create policy purchases_in_scope on purchases to kuraban_app
  using (
    (select current_setting('kuraban.reads_all', true)) = 'on' or exists (select from customers c where c.customer_no = purchases.customer_no)
  );

grant select, insert, update, delete on contact_notes, purchases to kuraban_app;
create policy contact_notes_erased on contact_notes as restrictive for delete to kuraban_app
  using ((select current_setting('kuraban.house', true)) = 'on');
create policy purchases_erased on purchases as restrictive for delete to kuraban_app
  using ((select current_setting('kuraban.house', true)) = 'on');
grant usage on all sequences in schema public to kuraban_app;
