-- Who sent a customer to the trash on their own word, so that many small trashings are counted as one large one. Null where a
-- second person approved, and for what the house itself put there.
alter table customers add trashed_by integer references accounts;
create index customers_trashed_by on customers (trashed_by, trashed_at) where trashed_by is not null;
