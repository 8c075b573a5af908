-- What others need to check the tree. Roots of complete subtrees of 256, 65,536, … leaves, so that a proof over a hundred
-- million events reads a few thousand hashes; made from ledger_rounds, and of no weight of their own: whoever is shown a wrong
-- one finds that it does not lead to the signed root.
create table ledger_tile_hashes (
  -- 1: over 256 leaves, 2: over 65,536 …
  level int2 not null,
  -- Number of the subtree within its level, from 0.
  place int8 not null,
  hash bytea not null,
  primary key (level, place),
  check (level between 1 and 8),
  check (octet_length(hash) = 32)
);

-- What witnesses said about checkpoints: lines of a C2SP signed note, cosignature/v1.
create table ledger_cosignatures (
  epoch_no int4 not null,
  tree_size int8 not null,
  -- Key name of the witness.
  name text not null,
  at timestamptz not null,
  line text not null,
  primary key (epoch_no, tree_size, name)
);

grant select, insert on ledger_tile_hashes, ledger_cosignatures to kuraban_app;
