-- Looks out of the window that is not complete yet, described and side by side: exposure/fresh-looks.ts. Derived as postings are; taken
-- away when the window is complete and ledger_exposure_looks tells of it.

create table ledger_exposure_fresh_looks (
  -- As in ledgerKinds.
  kind int2 not null,
  -- 32 records.
  bucket_no int8 not null,
  packed bytea not null,
  primary key (kind, bucket_no)
);
alter table ledger_exposure_fresh_looks alter column packed set storage main;

create table ledger_exposure_fresh_spans (
  kind int2 not null,
  -- 16 blocks of 1,024 records, as in postings of level 1.
  span_no int8 not null,
  -- Their looks are complete from the start of its window to the end of this range of 65,536 events.
  range_no int8 not null,
  primary key (kind, span_no)
);

grant select on ledger_exposure_fresh_looks, ledger_exposure_fresh_spans to kuraban_app;
grant select, insert, update, delete on ledger_exposure_fresh_looks, ledger_exposure_fresh_spans to kuraban_ledger;
