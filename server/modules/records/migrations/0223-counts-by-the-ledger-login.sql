-- Counts decide which events a filtered view looks at: only the login that seals the ledger writes them, as it does the packed
-- exposure, and never the one that answers requests.
revoke insert, update, delete on record_spans, record_hours, record_days from kuraban_app;
revoke update on record_hours_state from kuraban_app;
grant select, insert, update, delete on record_spans, record_hours, record_days to kuraban_ledger;
grant select, update on record_hours_state to kuraban_ledger;
