-- Who saw whom, packed out of the ledger: derived, rebuilt by `./kuraban ledger rebuild-exposure`. Formats: exposure/chunk.ts and
-- exposure/postings.ts. Numbers and what stands in clear in the headers of events; no value of anybody.

create table ledger_exposure_chunks (
  -- Events chunk_no × 4,096 to chunk_no × 4,096 + 4,095; chunks follow each other without a gap, from 0.
  chunk_no int8 primary key,
  event_count int4 not null,
  -- Earliest and latest time of its events; null without any.
  first_at timestamptz,
  last_at timestamptz,
  actors bytea not null,
  acts bytea not null,
  times bytea not null,
  shapes bytea not null
);
alter table ledger_exposure_chunks alter column actors set storage external;
alter table ledger_exposure_chunks alter column acts set storage external;
alter table ledger_exposure_chunks alter column times set storage external;
alter table ledger_exposure_chunks alter column shapes set storage external;

create table ledger_exposure_postings (
  -- As in ledgerKinds.
  kind int2 not null,
  -- 0: 4,096 event numbers a range, 1: 65,536, 2: 1,048,576.
  level int2 not null,
  -- Blocks of 1,024 records: 64 a span on level 0, 16 on level 1, one on level 2.
  span_no int8 not null,
  range_no int8 not null,
  packed bytea not null,
  primary key (kind, level, span_no, range_no)
);
alter table ledger_exposure_postings alter column packed set storage external;
-- Ranges that were merged are taken away one by one.
create index ledger_exposure_postings_range on ledger_exposure_postings (level, range_no);

-- Nobody who serves requests can write here: packing is done under the sequencer's login.
grant select on ledger_exposure_chunks, ledger_exposure_postings to kuraban_app;
grant select, insert, delete on ledger_exposure_chunks, ledger_exposure_postings to kuraban_ledger;
