-- What a corrected column taught: the header as a keyed, truncated token, and the field that the organisation uses it for
-- (null: it is left out). Nobody's value, and no header in words.
create table import_learned_headers (
  header_token integer primary key,
  field text,
  learned_at timestamptz not null
);
grant select, insert, update, delete on import_learned_headers to kuraban_app;
