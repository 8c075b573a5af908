-- Lists that people wrote by hand, matched with customers. What was written stands sealed under the incident's key; rows hold
-- customers' numbers and are read by whoever handles incidents, whatever the scope of their rights: they must say whom it is about.
create table incident_matches (
  match_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  made_by integer references accounts,
  made_at timestamptz not null,
  sealed_name bytea not null,
  version integer not null default 1
);
create index incident_matches_incident on incident_matches (incident_no);
create index incident_matches_made_by on incident_matches (made_by);

create table incident_match_rows (
  match_no integer not null references incident_matches,
  row_no integer not null check (row_no >= 0),
  outcome text not null check (outcome in ('sure', 'ambiguous', 'none')),
  -- What was written; null once somebody it may mean was erased.
  sealed_listed bytea,
  -- Keys of what was written: codes.
  keys text[] not null,
  candidates integer[] not null,
  -- Codes, one list a candidate.
  reasons jsonb not null,
  -- Null: nobody has said yet.
  chosen integer[],
  decided_by integer references accounts,
  decided_at timestamptz,
  primary key (match_no, row_no)
);
create index incident_match_rows_decided_by on incident_match_rows (decided_by);
grant select, insert, update on incident_matches, incident_match_rows to kuraban_app;
