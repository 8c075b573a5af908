-- Evidence (証拠) of incidents. The content of an item stands in sealed parts under the key of its incident, in the database and not in
-- files: a backup has it, every node reads it, and the product's login can only add to it. Clear are numbers, codes, times and hashes;
-- what people typed (a file's name, where it is from, to whom it was handed) is sealed.

create table evidence_snapshots (
  snapshot_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  scope_no integer references incident_scopes,
  because text not null check (because in ('asked', 'scope-verified', 'paper-approved')),
  -- Of 'paper-approved'.
  draft_no integer references incident_drafts,
  -- Null: by itself, or from the command line.
  asked_by integer references accounts,
  asked_at timestamptz not null,
  -- Null as long as items are still being taken.
  taken_at timestamptz,
  -- SHA-256 over "kind sha256" lines of its items in the order of their kinds.
  hash bytea
);
create index evidence_snapshots_incident on evidence_snapshots (incident_no, snapshot_no);
create unique index evidence_snapshots_scope on evidence_snapshots (scope_no) where because = 'scope-verified';
create unique index evidence_snapshots_draft on evidence_snapshots (draft_no) where because = 'paper-approved';
create index evidence_snapshots_scope_no on evidence_snapshots (scope_no);
create index evidence_snapshots_draft_no on evidence_snapshots (draft_no);
create index evidence_snapshots_asked_by on evidence_snapshots (asked_by);

create sequence evidence_item_no as integer;
create table evidence_items (
  item_no integer primary key,
  incident_no integer not null references incidents,
  -- Null: brought in from outside.
  snapshot_no integer references evidence_snapshots,
  kind text not null check (kind in ('scope', 'people', 'events', 'ledger', 'checkpoint', 'case', 'facts', 'papers', 'measures', 'rights', 'brought')),
  bytes bigint not null,
  parts integer not null,
  -- Of the plain content.
  sha256 bytea not null,
  taken_by integer references accounts,
  taken_at timestamptz not null,
  -- {fileName} of what was brought in.
  sealed_name bytea,
  check ((kind = 'brought') = (snapshot_no is null))
);
create unique index evidence_items_snapshot on evidence_items (snapshot_no, kind) where snapshot_no is not null;
create index evidence_items_snapshot_no on evidence_items (snapshot_no);
create index evidence_items_incident on evidence_items (incident_no, item_no);
create index evidence_items_taken_by on evidence_items (taken_by);

-- Parts arrive before their item, whose act names them by its hash; parts of an item that never came about belong to nothing.
create table evidence_parts (
  item_no integer not null,
  part integer not null,
  sealed bytea not null,
  primary key (item_no, part)
);
alter table evidence_parts alter column sealed set storage external;

-- Chain of custody (証拠保全記録): only ever added to.
create table evidence_custody (
  custody_no integer generated always as identity primary key,
  item_no integer not null references evidence_items,
  act text not null check (act in ('taken', 'described', 'looked-at', 'copied-out', 'bundled', 'handed-over', 'verified')),
  acted_by integer references accounts,
  acted_at timestamptz not null,
  -- Given to whoever received it.
  receipt text,
  -- Of 'verified': whether the content is what was taken.
  holds boolean,
  -- When it was found, of 'described'.
  found_at timestamptz,
  -- {source, finder, to, purpose, note}
  sealed_texts bytea
);
create index evidence_custody_item on evidence_custody (item_no, custody_no);
create index evidence_custody_acted_by on evidence_custody (acted_by);
create unique index evidence_custody_receipt on evidence_custody (receipt);

-- Legal hold (保全): keeps people, lists and imports from whatever would destroy them, until a second person lifts it.
create table evidence_holds (
  hold_no integer generated always as identity primary key,
  incident_no integer not null references incidents,
  scope_no integer references incident_scopes,
  tiers text[] not null,
  persons integer not null,
  -- Records of these months are kept; no record is ever removed, so this says that they must not be.
  ledger_from timestamptz,
  ledger_to timestamptz,
  placed_by integer references accounts,
  placed_at timestamptz not null,
  sealed_reason bytea not null,
  request_no integer references approvals,
  lifted_by integer references accounts,
  lifted_at timestamptz
);
create index evidence_holds_incident on evidence_holds (incident_no, hold_no);
create index evidence_holds_scope on evidence_holds (scope_no);
create index evidence_holds_placed_by on evidence_holds (placed_by);
create index evidence_holds_lifted_by on evidence_holds (lifted_by);
create index evidence_holds_request on evidence_holds (request_no);

create table evidence_hold_members (
  hold_no integer not null references evidence_holds,
  kind text not null check (kind in ('customer', 'list', 'import')),
  no integer not null,
  primary key (kind, no, hold_no)
);
create index evidence_hold_members_hold on evidence_hold_members (hold_no);

grant usage on sequence evidence_item_no to kuraban_app;
grant select, insert on evidence_items, evidence_parts, evidence_custody, evidence_hold_members to kuraban_app;
grant select, insert on evidence_snapshots, evidence_holds to kuraban_app;
grant update (taken_at, hash) on evidence_snapshots to kuraban_app;
grant update (request_no, lifted_by, lifted_at) on evidence_holds to kuraban_app;
grant usage on all sequences in schema public to kuraban_app;

-- The second wall of a hold: whatever the product's login does, the row of somebody who is held stays.
create function keep_held_customer() returns trigger language plpgsql as $$
begin
  if current_user = 'kuraban_app' and exists (
    select from evidence_hold_members m join evidence_holds h using (hold_no) where m.kind = 'customer' and m.no = old.customer_no and h.lifted_at is null
  ) then
    raise exception 'a hold keeps this customer' using errcode = '55000';
  end if;
  return old;
end
$$;
create trigger customers_held before delete on customers for each row execute function keep_held_customer();
