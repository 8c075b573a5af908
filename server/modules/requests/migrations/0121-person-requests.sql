-- What a person asks of us about their own data (個人情報保護法33–35条). Clear are numbers, codes and times; what was written is sealed
-- under the person's key and dies with it. The register itself outlives an erasure: that one was asked for and answered must
-- be told, so the number carries no foreign key.
create table person_requests (
  request_no integer generated always as identity primary key,
  customer_no integer not null,
  kind text not null check (kind in ('disclosure', 'correction', 'suspension', 'erasure', 'stop-providing')),
  state text not null default 'open' check (state in ('open', 'decided', 'answered', 'withdrawn')),
  version integer not null default 1,
  received_on date not null,
  due_on date not null,
  channel text not null check (channel in ('letter', 'mail', 'phone', 'counter', 'web')),
  identity_check text not null check (identity_check in ('none', 'document', 'call-back', 'known-address', 'agent-proof')),
  recorded_by integer not null references accounts,
  recorded_at timestamptz not null,
  decision text check (decision in ('granted', 'partly', 'refused')),
  decided_by integer references accounts,
  decided_at timestamptz,
  answered_by integer references accounts,
  answered_at timestamptz,
  sealed_text bytea,
  sealed_answer bytea
);
create index person_requests_customer on person_requests (customer_no);
create index person_requests_due on person_requests (due_on) where state in ('open', 'decided');
create index person_requests_recorded_by on person_requests (recorded_by);
create index person_requests_decided_by on person_requests (decided_by);
create index person_requests_answered_by on person_requests (answered_by);

alter table person_requests enable row level security;
alter table person_requests force row level security;
-- Whoever reaches the customer; of somebody erased, whoever reads all.
create policy person_requests_in_scope on person_requests to kuraban_app
  using ((select current_setting('kuraban.reads_all', true)) = 'on' or customer_no in (select c.customer_no from customers c));
grant select, insert, update on person_requests to kuraban_app;

-- How the organisation answers and how long it keeps. Days and years are its own decision, to be checked (要確認).
create table person_policy (
  one boolean primary key default true check (one),
  -- 遅滞なく: days from receipt to answer.
  answer_days smallint not null default 14 check (answer_days between 1 and 90),
  -- Years after the last activity; null: nothing is proposed for disposal.
  retention_years smallint check (retention_years between 1 and 30)
);
insert into person_policy default values;
grant select, update on person_policy to kuraban_app;
