-- What staff are told about the recording of their work: the organisation's own words beside the product's, and who has read which.

create table monitoring_notices (
  notice_no integer generated always as identity primary key,
  -- Null: the organisation adds nothing any more.
  sealed_text bytea,
  author_no integer not null references accounts,
  written_at timestamptz not null
);
create index monitoring_notices_author on monitoring_notices (author_no);

create table monitoring_acknowledgements (
  account_no integer not null references accounts,
  -- Of the product's text, and the number of the organisation's own, 0 where there was none.
  version integer not null,
  notice_no integer not null,
  acknowledged_at timestamptz not null,
  primary key (account_no, version, notice_no)
);

grant select, insert on monitoring_notices, monitoring_acknowledgements to kuraban_app;
