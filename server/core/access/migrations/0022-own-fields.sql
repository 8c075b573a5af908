-- Fields that an organisation adds itself, and what it makes of the standard ones. Labels of fields are policy and clear;
-- values stand in the sealed blobs like any other.

create table field_sections (
  section_no integer generated always as identity primary key,
  kind text not null check (kind in ('customer', 'company')),
  label_ja text not null,
  label_en text not null,
  position integer not null
);

alter table fields drop constraint fields_field_no_check;
alter table fields
  add constraint fields_field_no_check check (field_no between 1 and 8191),
  -- Null of a standard field: as it is shipped.
  add column type text,
  add column label_ja text,
  add column label_en text,
  add column mask text,
  add column choices jsonb not null default '[]',
  add column is_required boolean not null default false,
  add column is_archived boolean not null default false,
  add column section_no integer references field_sections,
  add column position integer,
  -- The number of an own field in the tokens of its kind's search table. It is free again only when no token bears it.
  add column token_no smallint check (token_no between 1 and 63),
  add column indexing text not null default 'none' check (indexing in ('none', 'building', 'ready', 'clearing')),
  add constraint fields_own check ((field_no < 64) = (type is null)),
  add constraint fields_indexed check ((token_no is null) = (indexing = 'none')),
  add constraint fields_token_no unique (kind, token_no);
create index fields_section on fields (section_no);

grant select, insert, update, delete on field_sections to kuraban_app;
grant usage on sequence field_sections_section_no_seq to kuraban_app;
