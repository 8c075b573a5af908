-- After how many months the ledger's old months go into files; null: never by themselves. They are never thrown away.
create table archive_policy (
  is_only boolean primary key default true check (is_only),
  after_months int2 check (after_months in (6, 12, 25))
);
insert into archive_policy (after_months) values (6);
grant select, update on archive_policy to kuraban_app;
