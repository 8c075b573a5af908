-- Incidents (事案) and drills (訓練). Clear are numbers, codes, states and times; what people wrote stands sealed under the key of
-- the incident (subject kind `incident`).
create table incidents (
  incident_no integer generated always as identity primary key,
  is_drill boolean not null,
  playbook text not null,
  -- ①発見・報告 ②初動対応 ③調査 ④通知・報告・公表等 ⑤抑制措置と復旧 ⑥事後対応
  phase smallint not null default 1 check (phase between 1 and 6),
  -- 知った時刻: the terms of the law run from here.
  known_at timestamptz not null,
  opened_at timestamptz not null,
  opened_by integer references accounts,
  closed_at timestamptz,
  version integer not null default 1,
  -- What it is about as far as a number says it: {kind, no, from, to}. A first guess for the scope, never its result.
  cause jsonb,
  -- {what}: what happened, in one sentence.
  sealed_texts bytea not null
);
create index incidents_opened_by on incidents (opened_by);
create index incidents_open on incidents (incident_no) where closed_at is null;

grant select, insert, update on incidents to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;
