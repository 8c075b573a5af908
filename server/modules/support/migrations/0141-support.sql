-- Who wants to see the guided first hour no more.
create table first_hour_dismissals (
  account_no integer primary key references accounts,
  dismissed_at timestamptz not null
);
alter table first_hour_dismissals enable row level security;
alter table first_hour_dismissals force row level security;
create policy first_hour_dismissals_own on first_hour_dismissals to kuraban_app
  using (account_no = (select nullif(current_setting('kuraban.account', true), ''))::integer);
grant select, insert, delete on first_hour_dismissals to kuraban_app;

-- The support file says which migrations were applied, and when.
grant select on migrations to kuraban_app;
