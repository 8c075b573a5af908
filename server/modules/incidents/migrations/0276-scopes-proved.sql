-- What a run's proof rests on. `proved`: what it read was held against what was proved, and everything behind that was verified with it;
-- `whole`: besides, the whole ledger was verified and looked through plainly. `proved_event`: the event that named what was proved.
alter table incident_scopes
  add column basis text check (basis in ('proved', 'whole')),
  add column proved_event bigint,
  -- Names of what did not hold, in a few English words, without any value.
  add column found jsonb not null default '[]';
grant update (basis, found) on incident_scopes to kuraban_app;
-- Runs that were verified before knew nothing else.
update incident_scopes set basis = 'whole' where verification <> 'pending';
