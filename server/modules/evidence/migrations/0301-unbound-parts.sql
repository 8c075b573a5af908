-- Parts of evidence whose item never came about (a caller who went away, a node that fell) are removed after a day. The product's login still
-- only adds: what it may ask for is this, and nothing that an item names, or that came in the last hour, goes by it.
alter table evidence_parts add column kept_at timestamptz not null default now();
create function remove_unbound_evidence(kept_before timestamptz)
returns table (items integer, parts integer, bytes bigint)
language sql volatile security definer rows 1 set search_path = pg_catalog, public, pg_temp as $$
  with unbound as (
    select p.item_no from public.evidence_parts p where not exists (select from public.evidence_items i where i.item_no = p.item_no)
     group by p.item_no having max(p.kept_at) < least(kept_before, now() - interval '1 hour')
  ), gone as (
    delete from public.evidence_parts p using unbound u where p.item_no = u.item_no returning p.item_no, octet_length(p.sealed) as bytes
  )
  select count(distinct item_no)::integer, count(*)::integer, coalesce(sum(gone.bytes), 0)::bigint from gone
$$;
revoke execute on function remove_unbound_evidence(timestamptz) from public;
grant execute on function remove_unbound_evidence(timestamptz) to kuraban_app;
grant select, delete on evidence_parts to kuraban_search;
grant select on evidence_items to kuraban_search;
grant create on schema public to kuraban_search;
alter function remove_unbound_evidence(timestamptz) owner to kuraban_search;
revoke create on schema public from kuraban_search;
