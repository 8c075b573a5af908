-- Suspension of use (利用停止, 個人情報保護法35条): from this time on the person's data is kept and used no more. Clear, so that the
-- mark stands in lists without opening anything; the row's hash in the ledger says it as well.
alter table customers add column use_suspended_at timestamptz;
create index customers_suspended on customers (customer_no) where use_suspended_at is not null;
