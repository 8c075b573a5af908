-- Duplicates: rows that may be one, rows that were merged into another, and what is needed to take a merge back. Numbers, codes,
-- versions and times are clear; former values stand sealed under the key of their own record. `merged_into` is no foreign key:
-- the numbers of an erased person go one by one.

alter table customers drop constraint customers_state_check;
alter table customers add constraint customers_state_check check (state in ('active', 'trashed', 'merged'));
alter table customers add column merged_into integer;
alter table customers add constraint customers_merged check ((state = 'merged') = (merged_into is not null) and merged_into <> customer_no);
create index customers_merged_into on customers (merged_into) where merged_into is not null;

alter table companies drop constraint companies_state_check;
alter table companies add constraint companies_state_check check (state in ('active', 'trashed', 'merged'));
alter table companies add column merged_into integer;
alter table companies add constraint companies_merged check ((state = 'merged') = (merged_into is not null) and merged_into <> company_no);
create index companies_merged_into on companies (merged_into) where merged_into is not null;

-- Rows to be compared with the others: new ones, and those whose version rose. Taking one out and noting its pairs is one
-- transaction, so that the search goes on where it was stopped; how many stand here is how far it has to go.
create table duplicate_queue (
  kind text not null check (kind in ('customer', 'company')),
  no integer not null,
  primary key (kind, no)
);

create function queue_for_duplicates() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_table_name = 'customers' then
    insert into public.duplicate_queue select 'customer', w.customer_no from written w order by 2 on conflict do nothing;
  else
    insert into public.duplicate_queue select 'company', w.company_no from written w order by 2 on conflict do nothing;
  end if;
  return null;
end $$;
create function queue_changed_customers() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into public.duplicate_queue
    select 'customer', w.customer_no from written w join former f using (customer_no) where w.version <> f.version order by 2 on conflict do nothing;
  return null;
end $$;
create function queue_changed_companies() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into public.duplicate_queue
    select 'company', w.company_no from written w join former f using (company_no) where w.version <> f.version order by 2 on conflict do nothing;
  return null;
end $$;
create trigger duplicates_inserted after insert on customers referencing new table as written for each statement execute function queue_for_duplicates();
create trigger duplicates_changed after update on customers referencing new table as written old table as former
  for each statement execute function queue_changed_customers();
create trigger duplicates_inserted after insert on companies referencing new table as written for each statement execute function queue_for_duplicates();
create trigger duplicates_changed after update on companies referencing new table as written old table as former
  for each statement execute function queue_changed_companies();
insert into duplicate_queue select 'customer', customer_no from customers union all select 'company', company_no from companies;

create table duplicate_pairs (
  kind text not null check (kind in ('customer', 'company')),
  first_no integer not null,
  second_no integer not null check (first_no < second_no),
  score smallint not null,
  -- Codes of shared/duplicates.ts.
  reasons text[] not null,
  state text not null default 'open' check (state in ('open', 'not-duplicate')),
  found_at timestamptz not null,
  primary key (kind, first_no, second_no)
);
create index duplicate_pairs_second on duplicate_pairs (kind, second_no);
create index duplicate_pairs_listed on duplicate_pairs (kind, state, score desc, first_no, second_no);

create table merges (
  merge_no integer generated always as identity primary key,
  kind text not null check (kind in ('customer', 'company')),
  winner_no integer not null,
  -- The version that the merge made of the winner, and what it was before.
  version integer not null,
  company_no integer,
  sealed_open bytea,
  sealed_internal bytea,
  sealed_personal bytea,
  sealed_sensitive bytea,
  -- Numbers of the fields whose value came from a loser.
  fields integer[] not null,
  merged_at timestamptz not null,
  undone_at timestamptz
);
create index merges_winner on merges (kind, winner_no);

create table merge_losers (
  merge_no integer not null references merges on delete cascade,
  loser_no integer not null,
  version integer not null,
  primary key (merge_no, loser_no)
);

-- The people of merged companies, each with the company they belonged to.
create table merge_people (
  merge_no integer not null references merges on delete cascade,
  customer_no integer not null references customers on delete cascade,
  former_company_no integer not null,
  primary key (merge_no, customer_no)
);
create index merge_people_customer on merge_people (customer_no);

-- A pair or a merge is seen by whoever sees all of its rows: the conditions ask the tables of the rows, whose own policies answer.
alter table duplicate_queue enable row level security;
alter table duplicate_queue force row level security;
create policy duplicate_queue_written on duplicate_queue for insert to kuraban_app with check (true);
create policy duplicate_queue_counted on duplicate_queue for select to kuraban_app using (true);
create policy duplicate_queue_worked on duplicate_queue for delete to kuraban_app using ((select current_setting('kuraban.house', true)) = 'on');
alter table duplicate_pairs enable row level security;
alter table duplicate_pairs force row level security;
create policy duplicate_pairs_in_scope on duplicate_pairs to kuraban_app
  using (
    case kind
      when 'customer' then exists (select from customers c where c.customer_no = first_no) and exists (select from customers c where c.customer_no = second_no)
      else (select current_setting('kuraban.companies', true)) = 'on'
    end
  );
alter table merges enable row level security;
alter table merges force row level security;
create policy merges_in_scope on merges to kuraban_app
  using (
    -- Whose keys die with a person is looked up when the row may be gone already.
    (select current_setting('kuraban.reads_all', true)) = 'on'
    or case kind
      when 'customer' then exists (select from customers c where c.customer_no = winner_no)
      else (select current_setting('kuraban.companies', true)) = 'on'
    end
  );
alter table merge_losers enable row level security;
alter table merge_losers force row level security;
create policy merge_losers_in_scope on merge_losers to kuraban_app using (exists (select from merges m where m.merge_no = merge_losers.merge_no));
alter table merge_people enable row level security;
alter table merge_people force row level security;
create policy merge_people_in_scope on merge_people to kuraban_app using (exists (select from merges m where m.merge_no = merge_people.merge_no));

grant select, insert, delete on duplicate_queue to kuraban_app;
grant select, insert, update, delete on duplicate_pairs, merges, merge_losers, merge_people to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
