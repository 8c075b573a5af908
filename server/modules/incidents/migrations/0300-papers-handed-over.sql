-- When, how and with which receipt an approved paper was handed over (提出・送付・公表). Nothing is changed but that it was noted by mistake.
create table incident_paper_handings (
  handing_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  draft_no integer not null references incident_drafts,
  handed_at timestamptz not null,
  way text not null check (way in ('web-form', 'mail', 'post', 'in-person', 'phone', 'published')),
  -- {receipt, note}
  sealed_text bytea,
  noted_by integer references accounts,
  noted_at timestamptz not null,
  withdrawn_by integer references accounts,
  withdrawn_at timestamptz
);
create index incident_paper_handings_incident on incident_paper_handings (incident_no);
create index incident_paper_handings_draft on incident_paper_handings (draft_no);
create index incident_paper_handings_noted_by on incident_paper_handings (noted_by);
create index incident_paper_handings_withdrawn_by on incident_paper_handings (withdrawn_by);

grant select, insert on incident_paper_handings to kuraban_app;
grant update (withdrawn_by, withdrawn_at) on incident_paper_handings to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
