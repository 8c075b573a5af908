-- The newest looks at each record, described and side by side: exposure/recent-looks.ts. Derived as postings are, from complete
-- windows of 1,048,576 event numbers; the packer makes them for windows that were packed before there were any.

create table ledger_exposure_looks (
  -- As in ledgerKinds.
  kind int2 not null,
  record_no int8 not null,
  packed bytea not null,
  primary key (kind, record_no)
);
alter table ledger_exposure_looks alter column packed set storage main;

create table ledger_exposure_look_blocks (
  kind int2 not null,
  -- 1,024 records.
  block_no int8 not null,
  -- Their looks are complete to the end of this window.
  window_no int8 not null,
  primary key (kind, block_no)
);

-- What looks name by a number: kinds of acts and sets of fields, in the order of their first use in the ledger.
create table ledger_exposure_terms (
  term_no int4 primary key,
  -- JSON: of an act type, outcome and purpose; of a set its codes.
  term text not null
);

grant select on ledger_exposure_looks, ledger_exposure_look_blocks, ledger_exposure_terms to kuraban_app;
grant select, insert, update on ledger_exposure_looks, ledger_exposure_look_blocks, ledger_exposure_terms to kuraban_ledger;
