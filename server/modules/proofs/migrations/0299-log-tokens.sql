-- Tokens by which a monitor reads checkpoints, hashes and consistency proofs, and nothing else. Of a token the SHA-256 alone is kept.
create table ledger_log_tokens (
  token_no integer generated always as identity primary key,
  hash bytea not null unique check (octet_length(hash) = 32),
  made_by integer not null references accounts,
  made_at timestamptz not null,
  -- {tokenName}, under the key of whoever made it.
  sealed_name bytea not null,
  -- By which the privacy officer is told of it.
  request_no integer not null references approvals,
  -- The hour (UTC) of the last use, and of the last use after it was withdrawn, that the ledger has an event of.
  used_hour timestamptz,
  refused_hour timestamptz,
  -- Null: by the refusal of the privacy officer.
  withdrawn_by integer references accounts,
  withdrawn_at timestamptz
);
create index ledger_log_tokens_made_by on ledger_log_tokens (made_by);
create index ledger_log_tokens_withdrawn_by on ledger_log_tokens (withdrawn_by);
create unique index ledger_log_tokens_request on ledger_log_tokens (request_no);

grant select, insert on ledger_log_tokens to kuraban_app;
grant update (used_hour, refused_hour, withdrawn_by, withdrawn_at) on ledger_log_tokens to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
