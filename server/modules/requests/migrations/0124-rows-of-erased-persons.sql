-- An erasure looks for what imports still hold of one person.
create index import_rows_customer on import_rows (customer_no) where customer_no is not null;
create index import_updates_customer on import_updates (customer_no);
