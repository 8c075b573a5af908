-- A hold keeps the people of every run of the scope from its own run on. Its members are written out up to so many runs, moves and failed
-- verifications; whoever destroys asks by itself what came since. They are counted, since a number may be given before a smaller one stands.
alter table evidence_holds add column with_causes boolean not null default false;
alter table evidence_holds add column followed_run integer references incident_scopes;
alter table evidence_holds add column followed_runs integer not null default 0;
alter table evidence_holds add column followed_moves integer not null default 0;
alter table evidence_holds add column followed_fails integer not null default 0;
create index evidence_holds_followed_run on evidence_holds (followed_run);
grant update (persons, followed_run, followed_runs, followed_moves, followed_fails) on evidence_holds to kuraban_app;

create view evidence_holds_behind with (security_invoker = true) as
  select h.hold_no, h.incident_no, h.scope_no, h.tiers, h.with_causes, since.run, since.runs, since.fails, moved.moves
    from evidence_holds h
    cross join lateral (
      select max(s.scope_no) as run, count(*)::integer as runs, count(*) filter (where s.verification = 'fails')::integer as fails
        from incident_scopes s where s.incident_no = h.incident_no and s.scope_no >= h.scope_no
    ) since
    cross join lateral (select count(*)::integer as moves from incident_scope_moves m where m.incident_no = h.incident_no) moved
   where h.lifted_at is null and h.scope_no is not null and (h.followed_runs, h.followed_fails, h.followed_moves) <> (since.runs, since.fails, moved.moves);
grant select on evidence_holds_behind to kuraban_app;
