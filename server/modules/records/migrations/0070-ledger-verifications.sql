-- What each verification of the ledger and of the rows came to. What it found stands in its event.
create table ledger_verifications (
  verification_no integer generated always as identity primary key,
  at timestamptz not null,
  ok boolean not null,
  events bigint not null,
  rows_swept bigint not null,
  findings integer not null,
  tree_size bigint not null
);
grant select, insert on ledger_verifications to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
