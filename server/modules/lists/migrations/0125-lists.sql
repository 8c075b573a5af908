-- Lists that people take out. Clear are numbers, codes and times; the list's name, its handler and the password of its file
-- are sealed under a key of the list's own (query_no). A member is guarded like the customer whom it names.

alter table organisation
  add list_free_persons integer not null default 20 check (list_free_persons between 0 and 1000),
  add list_days integer not null default 30 check (list_days between 1 and 365);

create table lists (
  list_no integer generated always as identity primary key,
  owner_no integer not null references accounts,
  state text not null check (state in ('waiting', 'ready', 'refused', 'disposed')),
  purpose text not null,
  destination text not null check (destination in ('inside', 'handler')),
  fields text[] not null,
  sensitive boolean not null,
  persons integer not null,
  -- How many of them were erased since, so that whoever judges it can tell those from persons out of sight.
  erased integer not null default 0,
  request_no integer references approvals,
  query_no bigint not null,
  sealed_words bytea not null,
  sealed_password bytea not null,
  made_at timestamptz not null,
  ends_on date not null,
  disposed_at timestamptz
);
create index lists_owner on lists (owner_no, list_no);
create index lists_request on lists (request_no);

create table list_members (
  list_no integer not null references lists,
  customer_no integer not null references customers on delete cascade,
  primary key (list_no, customer_no)
);
create index list_members_customer on list_members (customer_no);
alter table list_members enable row level security;
alter table list_members force row level security;
create policy list_members_in_scope on list_members to kuraban_app
  using (exists (select from customers c where c.customer_no = list_members.customer_no));

grant select, insert, update on lists to kuraban_app;
grant select, insert, delete on list_members to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
