-- What must come out when every event is verified and packed anew (proving/). Nothing here is of weight by itself: an event
-- `ledger.packing-proved`, signed by a node, names a book by its hash, and the book names ranges by theirs.

-- One range of packed exposure: digests of all that is packed of it, and where the verification stood (proving/range-body.ts).
create table ledger_proved_ranges (
  sha256 bytea primary key,
  level int2 not null,
  range_no int8 not null,
  body bytea not null,
  check (octet_length(sha256) = 32)
);
alter table ledger_proved_ranges alter column body set storage external;

-- Which ranges stand for all events up to a number: SHA-256 of each, one after the other.
create table ledger_proved_books (
  hash bytea primary key,
  ranges bytea not null,
  check (octet_length(hash) = 32),
  check (octet_length(ranges) % 32 = 0)
);

grant select, insert on ledger_proved_ranges, ledger_proved_books to kuraban_app;
