-- Old months of the ledger lie in files beside the database (archive/archive-file.ts). What stays here of their events: their
-- numbers and leaf hashes in ledger_rounds, so that the tree, its proofs and its tiles need no file; and who saw whom, packed.

create table ledger_archives (
  archive_no int4 primary key,
  epoch_no int4 not null references ledger_epochs,
  -- Whole rounds; with those of the archives before, every event up to highest_event_no and none above.
  first_round int8 not null unique,
  last_round int8 not null,
  first_sequence int8 not null,
  event_count int4 not null,
  lowest_event_no int8 not null,
  highest_event_no int8 not null,
  -- Earliest and latest time of its events.
  first_at timestamptz not null,
  last_at timestamptz not null,
  types text[] not null,
  -- Name within the folder `ledger` of the data folder.
  file text not null unique,
  bytes int8 not null,
  sha256 bytea not null,
  index_sha256 bytea not null,
  archived_at timestamptz not null,
  -- The event `ledger.archived` that binds the file, and when the rows were taken away; set by clear_archived_events alone.
  event_no int8,
  cleared_at timestamptz,
  check (octet_length(sha256) = 32 and octet_length(index_sha256) = 32),
  check (event_count > 0 and first_round <= last_round and lowest_event_no <= highest_event_no)
);
create index ledger_archives_epoch on ledger_archives (epoch_no);

grant select on ledger_archives to kuraban_app, kuraban_ledger;
grant insert (archive_no, epoch_no, first_round, last_round, first_sequence, event_count, lowest_event_no, highest_event_no, first_at, last_at, types,
  file, bytes, sha256, index_sha256, archived_at) on ledger_archives to kuraban_app;

-- No login of the product may delete from the ledger. This role owns one function that does, and nobody logs in as it.
do $$
begin
  if not exists (select from pg_roles where rolname = 'kuraban_archive') then
    begin
      create role kuraban_archive nologin noinherit;
    exception when duplicate_object or unique_violation then
      null;
    end;
  end if;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant kuraban_archive to %I', current_user);
  end if;
end
$$;
grant usage on schema public to kuraban_archive;
grant select, delete on ledger_events, ledger_batches to kuraban_archive;
grant select on ledger_rounds to kuraban_archive;
grant select, update (event_no, cleared_at) on ledger_archives to kuraban_archive;

-- Takes away the rows of an archive whose file is bound by an event that stands in the tree; how many. Twice is as good as once.
create function clear_archived_events(wanted int4) returns int8
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  archive ledger_archives;
  bound int8;
  cleared int8;
begin
  select * into archive from ledger_archives where archive_no = wanted for update;
  if not found then
    raise exception 'archive % does not stand in the ledger', wanted;
  end if;
  if archive.cleared_at is not null then
    return 0;
  end if;
  if exists (select from ledger_archives a where a.archive_no < wanted and a.cleared_at is null) then
    raise exception 'an earlier archive waits';
  end if;
  select e.event_no into bound from ledger_events e
   where e.type = 'ledger.archived' and e.event_no > archive.highest_event_no
     and e.header::jsonb->>'outcome' = 'ok' and e.header::jsonb->>'principal' in ('system', 'console')
     and e.header::jsonb->'facts' @> jsonb_build_object(
           'archiveNo', archive.archive_no, 'file', archive.file, 'sha256', encode(archive.sha256, 'hex'),
           'firstSequence', archive.first_sequence, 'events', archive.event_count,
           'lowestEventNo', archive.lowest_event_no, 'highestEventNo', archive.highest_event_no)
     and exists (select from ledger_rounds r where int8range(r.lowest_event_no, r.highest_event_no, '[]') @> e.event_no and e.event_no = any(r.event_nos))
   order by e.event_no limit 1;
  if bound is null then
    raise exception 'archive % is bound by no event of the tree', wanted;
  end if;
  with gone as (
    delete from ledger_events e using (
      select unnest(event_nos) as event_no from ledger_rounds where round_no between archive.first_round and archive.last_round
    ) r where e.event_no = r.event_no and e.event_no between archive.lowest_event_no and archive.highest_event_no
    returning e.batch_no
  ), whole as (
    select batch_no, count(*) as events from gone group by batch_no
  ), gone_batches as (
    delete from ledger_batches b using whole where b.batch_no = whole.batch_no and octet_length(b.leaf_hashes) = 32 * whole.events returning b.batch_no
  )
  select case when (select count(*) from gone_batches) = (select count(*) from whole) then (select count(*) from gone) end into cleared;
  if cleared is distinct from archive.event_count then
    raise exception 'the rows of archive % are not those of its file', wanted;
  end if;
  update ledger_archives set event_no = bound, cleared_at = now() where archive_no = wanted;
  return cleared;
end
$$;
revoke execute on function clear_archived_events(int4) from public;
grant create on schema public to kuraban_archive;
alter function clear_archived_events(int4) owner to kuraban_archive;
revoke create on schema public from kuraban_archive;
grant execute on function clear_archived_events(int4) to kuraban_ledger;
