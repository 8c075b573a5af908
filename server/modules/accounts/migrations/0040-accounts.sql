-- Invitations, the set-up link, recovery codes, the first step of a login, and requests for the privacy officer's consent.

-- Both sealed by the vault, so that whoever holds the database alone can neither test a mail address against the tokens
-- nor put a recovery key of their own in place of the organisation's.
alter table organisation add token_key_sealed bytea, add recovery_public_key_sealed bytea;

create table invitations (
  invitation_no integer generated always as identity primary key,
  kind text not null check (kind in ('set-up', 'invitation')),
  token_hash bytea not null unique,
  account_no integer references accounts,
  expires_at timestamptz not null,
  used_at timestamptz,
  pending_password_hash text,
  pending_totp_sealed bytea
);
create index invitations_account on invitations (account_no);

create table recovery_codes (
  account_no integer not null references accounts,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (account_no, code_hash)
);

-- A login between password and code. Nothing can be read with it.
create table login_steps (
  token_hash bytea primary key,
  account_no integer not null references accounts,
  expires_at timestamptz not null,
  failed_attempts integer not null default 0
);
create index login_steps_account on login_steps (account_no);

-- Consecutive failures by mail token, of addresses that have an account and of those that have none alike, so that a
-- lock-out does not tell the one from the other.
create table login_failures (
  mail_token bytea primary key,
  failed_attempts integer not null,
  locked_until timestamptz not null,
  last_failed_at timestamptz not null
);
create index login_failures_last on login_failures (last_failed_at);

create table consents (
  consent_no integer generated always as identity primary key,
  what text not null,
  -- The change that was asked for.
  change jsonb not null,
  -- SHA-256 of the state that it was weighed against: when that is another one at the decision, it must be asked for again.
  basis bytea not null,
  account_no integer references accounts,
  requested_by integer not null references accounts,
  requested_at timestamptz not null,
  state text not null default 'pending' check (state in ('pending', 'granted', 'refused', 'withdrawn')),
  decided_by integer references accounts,
  decided_at timestamptz
);
create index consents_account on consents (account_no);
create index consents_requested_by on consents (requested_by);
create index consents_decided_by on consents (decided_by);

grant select, insert, update on invitations, recovery_codes, consents to kuraban_app;
grant select, insert, update, delete on login_steps, login_failures to kuraban_app;
grant delete on recovery_codes to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
