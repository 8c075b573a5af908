-- From here on requests, consents, erasures and approvals carry their hashes in the ledger from their first write. Where this
-- migration comes to a storehouse that has such rows already, they are hashed once as they stand (baseline-rows.ts); that it
-- came stands in the ledger, so nobody brings it about a second time.
select 1;
