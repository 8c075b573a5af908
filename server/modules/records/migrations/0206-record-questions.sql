-- Questions to the ledger that were kept: filters of codes, numbers and times in clear, the name sealed.
create table record_questions (
  question_no integer generated always as identity primary key,
  account_no integer not null references accounts,
  is_shared boolean not null,
  filter jsonb not null,
  sealed_name bytea not null,
  created_at timestamptz not null
);
create index record_questions_account on record_questions (account_no);
alter table record_questions enable row level security;
alter table record_questions force row level security;
create policy record_questions_own on record_questions to kuraban_app
  using (account_no = (select nullif(current_setting('kuraban.account', true), ''))::integer);
create policy record_questions_shared on record_questions for select to kuraban_app using (is_shared);
grant select, insert, delete on record_questions to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
