-- Papers of incidents (草案) in versions. `content` holds words of templates, codes, numbers and days; where somebody typed, it has
-- the number of the text, which stands sealed in incident_facts, incident_notes or incident_passages. None of these is ever changed,
-- so that a version reads the same for ever.
create table incident_drafts (
  draft_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  paper text not null,
  version integer not null,
  content jsonb not null,
  -- SHA-256 of the content as canonical JSON.
  content_hash bytea not null,
  -- Keys of the entries that read otherwise than in the version before.
  changed text[] not null,
  -- The run of the scope it rests on; what was judged then.
  scope_no integer references incident_scopes,
  overall text not null check (overall in ('reportable', 'not-reportable', 'undetermined')),
  made_by integer references accounts,
  made_at timestamptz not null,
  -- 草案, 承認待ち, 承認済, 差し戻し
  state text not null default 'draft' check (state in ('draft', 'asked', 'approved', 'refused')),
  request_no integer references approvals,
  approved_by integer references accounts,
  approved_at timestamptz,
  unique (incident_no, paper, version),
  check ((state = 'approved') = (approved_at is not null))
);
create index incident_drafts_scope on incident_drafts (scope_no);
create index incident_drafts_made_by on incident_drafts (made_by);
create index incident_drafts_request on incident_drafts (request_no);
create index incident_drafts_approved_by on incident_drafts (approved_by);

-- Words of one's own in the place of a passage of a template; the last one holds. Null: the template's words again.
create table incident_passages (
  passage_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  paper text not null,
  key text not null,
  -- {text}
  sealed_text bytea,
  written_by integer references accounts,
  written_at timestamptz not null
);
create index incident_passages_place on incident_passages (incident_no, paper, key, passage_no);
create index incident_passages_written_by on incident_passages (written_by);

grant select, insert on incident_drafts, incident_passages to kuraban_app;
grant update (state, request_no, approved_by, approved_at) on incident_drafts to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
