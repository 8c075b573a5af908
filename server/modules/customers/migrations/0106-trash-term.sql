-- Since when something lies in the trash, and how long it stays there before it may be disposed of.
alter table customers add trashed_at timestamptz;
alter table companies add trashed_at timestamptz;
update customers set trashed_at = updated_at where state = 'trashed';
update companies set trashed_at = updated_at where state = 'trashed';
create index customers_trashed on customers (trashed_at) where trashed_at is not null;

alter table organisation
  add trash_days integer not null default 30 check (trash_days between 1 and 3650),
  -- Up to so many go to the trash on one person's word; more wait for a second person.
  add bulk_trash_limit integer not null default 10 check (bulk_trash_limit between 1 and 10000);
