-- What each company that entrusted us with data is told of an incident (規則9条). Numbers, codes and times; the password of the list and
-- the receipt stand sealed under the incident's key.
create table incident_consignor_packs (
  pack_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  company_no integer not null references companies,
  -- The approved version of the notice, and the run of the scope that says whom it is about.
  draft_no integer not null references incident_drafts,
  scope_no integer not null references incident_scopes,
  has_possible boolean not null,
  -- Persons as they were kept when it was made, ascending.
  confirmed integer[] not null,
  possible integer[] not null,
  people_hash bytea not null,
  state text not null default 'made' check (state in ('made', 'asked', 'approved', 'refused', 'sent')),
  made_by integer references accounts,
  made_at timestamptz not null,
  request_no integer references approvals,
  approved_by integer references accounts,
  approved_at timestamptz,
  -- {password}
  sealed_password bytea not null,
  sent_on date,
  sent_how text check (sent_how in ('mail', 'post', 'by-hand', 'other')),
  sent_by integer references accounts,
  -- {receipt}: who took it, under what number.
  sealed_receipt bytea
);
create index incident_consignor_packs_incident on incident_consignor_packs (incident_no, company_no, pack_no);
create index incident_consignor_packs_company on incident_consignor_packs (company_no);
create index incident_consignor_packs_draft on incident_consignor_packs (draft_no);
create index incident_consignor_packs_scope on incident_consignor_packs (scope_no);
create index incident_consignor_packs_made_by on incident_consignor_packs (made_by);
create index incident_consignor_packs_request on incident_consignor_packs (request_no);
create index incident_consignor_packs_approved_by on incident_consignor_packs (approved_by);
create index incident_consignor_packs_sent_by on incident_consignor_packs (sent_by);

grant select, insert, update on incident_consignor_packs to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
