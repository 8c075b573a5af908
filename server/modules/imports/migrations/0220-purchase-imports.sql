-- What the rows of a file become: people, or what people bought.
alter table imports add column kind text not null default 'customers' check (kind in ('customers', 'purchases'));

-- Customers who may be meant by a row of purchases, for the importer to choose among.
alter table import_problems add column candidates integer[];
create index import_problems_candidates on import_problems using gin (candidates) where candidates is not null;
