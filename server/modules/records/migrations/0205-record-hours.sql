-- How many events of each sort there are, counted from the ledger: for the density of years and for finding what is rare.
-- Derived: all of it may be emptied at any time (with counted_to at 0) and is counted anew (count-hours.ts). What is behind
-- `counted_to` is counted from the ledger itself by whoever asks. Hours and days are those of Japan.

-- Every hour, whatever happened in it: where a time lies among the numbers.
create table record_spans (
  hour timestamptz primary key,
  events integer not null,
  refused integer not null,
  first_event_no bigint not null,
  last_event_no bigint not null
);

-- Every hour by what happened. Account 0: the system, the console, or somebody before sign-in; '' where none was stated or known.
create table record_hours (
  hour timestamptz not null,
  account_no integer not null,
  type text not null,
  outcome text not null,
  purpose text not null,
  address text not null,
  -- Released or touched many records at once (shared/ledger-filter.ts).
  is_large boolean not null,
  events integer not null,
  first_event_no bigint not null,
  last_event_no bigint not null,
  primary key (hour, account_no, type, outcome, purpose, address, is_large)
);

-- The same by days, a tenth of the rows.
create table record_days (
  -- Its midnight.
  day timestamptz not null,
  account_no integer not null,
  type text not null,
  outcome text not null,
  purpose text not null,
  address text not null,
  is_large boolean not null,
  is_off_hours boolean not null,
  events integer not null,
  first_event_no bigint not null,
  last_event_no bigint not null,
  primary key (day, account_no, type, outcome, purpose, address, is_large, is_off_hours)
);

create table record_hours_state (
  is_only boolean primary key default true check (is_only),
  -- Every event up to here is counted.
  counted_to bigint not null
);
insert into record_hours_state (counted_to) values (0);

grant select, insert, update, delete on record_spans, record_hours, record_days to kuraban_app;
grant select, update on record_hours_state to kuraban_app;
