-- Which chunks may name a session, a device, an address, an account or a list: exposure/marks.ts. Null in a chunk that was packed
-- before there were marks, until the packer comes by: such a chunk is read for every question.
alter table ledger_exposure_chunks add column marks int4[];
create index ledger_exposure_chunks_marks on ledger_exposure_chunks using gin (marks) with (fastupdate = off);
create index ledger_exposure_chunks_unmarked on ledger_exposure_chunks (chunk_no) where marks is null;
grant update (marks) on ledger_exposure_chunks to kuraban_ledger;
