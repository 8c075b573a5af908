-- Whatever is given files or events waits for the privacy officer: until then its settings stand sealed for nothing but the
-- question, so that no row written around the product makes it send (outlet-records.ts).
alter table checkpoint_outlets add allowed_at timestamptz;
alter table checkpoint_outlets add request_no int4 references approvals;
create unique index checkpoint_outlets_request on checkpoint_outlets (request_no);
-- Those that were in use before are known to the ledger and go on.
update checkpoint_outlets set allowed_at = added_at;
