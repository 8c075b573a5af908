-- The ledger. Events are what happened; batches are what a node signed; rounds give events their place in the tree;
-- checkpoints sign the tree. Formats: encode.ts, batch.ts, merkle.ts, signed-note.ts, epoch.ts.
-- Nothing here is ever updated or deleted: no login of the product has the grant.

create table ledger_batches (
  -- UUID of version 8: 6 bytes of time, 4 random ones, 6 counting within one run of an appender (batch.ts).
  batch_no uuid primary key,
  -- The batch of the same run that was durable before this one was sent: a batch lost before its sequencing is missed.
  previous uuid,
  node_id text not null,
  at timestamptz not null,
  leaf_hashes bytea not null,
  signature bytea not null,
  check (octet_length(leaf_hashes) > 0 and octet_length(leaf_hashes) % 32 = 0),
  check (octet_length(signature) = 64)
);
alter table ledger_batches alter column leaf_hashes set storage external;

create table ledger_events (
  event_no int8 generated always as identity primary key,
  batch_no uuid not null,
  -- Place of the event's leaf hash in its batch.
  batch_index int4 not null,
  at timestamptz not null,
  type text not null,
  account_no int4,
  session_id uuid,
  -- RFC 8785 text; the columns above repeat parts of it for the sake of indexes and are compared by the verification.
  header text not null,
  salt bytea,
  entries bytea,
  writes bytea,
  sealed bytea,
  leaf_hash bytea not null,
  check (octet_length(leaf_hash) = 32),
  check ((salt is null) = (entries is null))
);
-- Packed numbers, hashes and ciphertext do not compress: do not try.
alter table ledger_events alter column entries set storage external;
alter table ledger_events alter column writes set storage external;
alter table ledger_events alter column sealed set storage external;

-- Events stand in the order of time as they come: block ranges find a day, and cost an insert next to nothing.
create index ledger_events_at on ledger_events using brin (at) with (pages_per_range = 16);
create index ledger_events_account on ledger_events (account_no, event_no) where account_no is not null;
create index ledger_events_type on ledger_events (type, event_no);
-- The sweep of rows changed around the product reads every write and nothing else.
create index ledger_events_writes on ledger_events (event_no) where writes is not null;

-- An epoch is one life of the tree: a new installation or a restore begins one, under an origin of its own.
create table ledger_epochs (
  epoch_no int4 primary key,
  origin text not null unique,
  started_at timestamptz not null,
  reason text not null,
  -- RFC 8785 text: epoch, origin, time, reason, public key, and the tree at which the former epoch was left.
  document text not null,
  -- Ed25519 by the key that the document names.
  signature bytea not null
);

-- Public keys with which nodes sign their batches, each vouched for by the key of an epoch.
create table ledger_node_keys (
  node_id text not null,
  public_key bytea not null,
  epoch_no int4 not null references ledger_epochs,
  document text not null,
  signature bytea not null,
  primary key (node_id, public_key, epoch_no)
);
create index ledger_node_keys_epoch on ledger_node_keys (epoch_no);

create table ledger_rounds (
  round_no int8 primary key,
  epoch_no int4 not null references ledger_epochs,
  -- Place of the first event in the tree, from 0; its leaf index in the sense of RFC 9162.
  first_sequence int8 not null unique,
  event_count int4 not null,
  event_nos int8[] not null,
  leaf_hashes bytea not null,
  -- The roots of the perfect subtrees after this round, largest first: all that is needed to go on, or to find the root.
  frontier bytea not null,
  -- Smallest and largest of event_nos.
  lowest_event_no int8 not null,
  highest_event_no int8 not null,
  -- Every event number up to here is either in the tree or will never exist.
  settled_event_no int8 not null,
  check (event_count > 0),
  check (cardinality(event_nos) = event_count),
  check (octet_length(leaf_hashes) = 32 * event_count)
);
alter table ledger_rounds alter column leaf_hashes set storage external;
create index ledger_rounds_epoch on ledger_rounds (epoch_no);
create index ledger_rounds_events on ledger_rounds using gist (int8range(lowest_event_no, highest_event_no, '[]'));

create table ledger_checkpoints (
  epoch_no int4 not null references ledger_epochs,
  tree_size int8 not null,
  root_hash bytea not null,
  at timestamptz not null,
  -- C2SP tlog-checkpoint as a C2SP signed-note.
  note text not null,
  primary key (epoch_no, tree_size)
);

-- A number is given by the database alone: the column grant leaves event_no out.
grant select on ledger_events, ledger_batches, ledger_epochs, ledger_node_keys, ledger_rounds, ledger_checkpoints to kuraban_app;
grant insert (batch_no, batch_index, at, type, account_no, session_id, header, salt, entries, writes, sealed, leaf_hash) on ledger_events to kuraban_app;
grant insert on ledger_batches to kuraban_app;

grant select on ledger_events, ledger_batches, ledger_epochs, ledger_node_keys, ledger_rounds, ledger_checkpoints to kuraban_ledger;
grant insert on ledger_epochs, ledger_node_keys, ledger_rounds, ledger_checkpoints to kuraban_ledger;
