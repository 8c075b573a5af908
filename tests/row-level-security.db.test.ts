import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "./support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

/**
 * Tables that hold no row of a customer or company. A new table stands here by a decision, or it is guarded. `approvals` holds
 * customers' numbers and is read by who asked, who decided, and who sees every one of them (tests/sentinels/other-peoples-things);
 * `lists` and `erasures` hold counts, their members stand in guarded tables; `import_learned_headers` holds keyed tokens of column
 * headings and field keys; `incident_match_rows` holds customers' numbers beside what people wrote of them, for whoever handles an
 * incident, whatever the scope of their rights; `rights_changes` holds numbers, owners and cells, packed out of the ledger;
 * `incident_consignor_packs` and `incident_notice_people` hold numbers of whom the notice of an incident goes to, for the same;
 * `incident_redress` holds numbers of people for whom something was done, for whoever handles an incident;
 * `evidence_hold_members` names who is held, for whoever would destroy something of them, whatever the scope of their rights;
 * `desk_cases` and `desk_checks` hold the number of whoever was identified at a desk, for those who serve there;
 * `incident_scopes` and `incident_scope_moves` hold numbers of the people of an incident, for whoever handles it, whatever the scope of their rights.
 */
const unguarded = [
  "access_review_accounts",
  "access_reviews",
  "account_roles",
  "account_scopes",
  "accounts",
  "approvals",
  "archive_policy",
  "cells",
  "checkpoint_outlets",
  "consents",
  "departments",
  "desk_cases",
  "desk_checks",
  "desk_entries",
  "desk_operators",
  "desk_policy",
  "desk_stops",
  "desks",
  "erasures",
  "evidence_custody",
  "evidence_hold_members",
  "evidence_holds",
  "evidence_items",
  "evidence_parts",
  "evidence_snapshots",
  "field_sections",
  "fields",
  "freezes",
  "import_learned_headers",
  "incident_alert_rules",
  "incident_alerts",
  "incident_consignor_packs",
  "incident_drafts",
  "incident_facts",
  "incident_lessons",
  "incident_match_rows",
  "incident_matches",
  "incident_notes",
  "incident_notice_people",
  "incident_notices",
  "incident_paper_handings",
  "incident_passages",
  "incident_playbook_tasks",
  "incident_preventions",
  "incident_redress",
  "incident_reports",
  "incident_scope_moves",
  "incident_scopes",
  "incident_tasks",
  "incident_team",
  "incidents",
  "invitations",
  "jobs",
  "ledger_archives",
  "ledger_batches",
  "ledger_checkpoints",
  "ledger_cosignatures",
  "ledger_epochs",
  "ledger_events",
  "ledger_exposure_chunks",
  "ledger_exposure_fresh_looks",
  "ledger_exposure_fresh_spans",
  "ledger_exposure_look_blocks",
  "ledger_exposure_looks",
  "ledger_exposure_postings",
  "ledger_exposure_terms",
  "ledger_log_tokens",
  "ledger_node_keys",
  "ledger_proved_books",
  "ledger_proved_ranges",
  "ledger_rounds",
  "ledger_tile_hashes",
  "ledger_timestamps",
  "ledger_verifications",
  "lists",
  "login_failures",
  "login_steps",
  "measures",
  "migrations",
  "monitoring_acknowledgements",
  "monitoring_notices",
  "notice_mail",
  "organisation",
  "person_policy",
  "policy_amendments",
  "reach_counting",
  "reach_counts",
  "reach_figures",
  "record_hours",
  "record_days",
  "record_hours_state",
  "record_spans",
  "recovery_codes",
  "rights_changes",
  "rights_changes_state",
  "roles",
  "sessions",
  "use_purposes",
];

test("every table that holds customers' rows is guarded by forced row-level security", async () => {
  const { rows } = await database.owner.query<{ relname: string; guarded: boolean; policies: number }>(
    `select c.relname, c.relrowsecurity and c.relforcerowsecurity as guarded,
            (select count(*)::integer from pg_policy p where p.polrelid = c.oid) as policies
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p')`,
  );
  const open = rows.filter((row) => !row.guarded).map((row) => row.relname);
  expect(open.filter((name) => !unguarded.includes(name)).toSorted()).toEqual([]);
  expect(rows.filter((row) => row.guarded && row.policies === 0)).toEqual([]);
  expect(rows.filter((row) => row.guarded).map((row) => row.relname)).toEqual(expect.arrayContaining(["customers", "companies", "customer_search"]));
});

test("the app's login owns nothing, passes by no wall and cannot change the ledger", async () => {
  const { rows: owned } = await database.owner.query("select relname from pg_class where relowner = 'kuraban_app'::regrole");
  expect(owned).toEqual([]);
  const { rows } = await database.owner.query<{ relname: string; privilege: string }>(
    `select c.relname, p.privilege from pg_class c, unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) p (privilege)
      where c.relname like 'ledger\\_%' and c.relkind = 'r' and c.relname <> 'ledger_verifications' and has_table_privilege('kuraban_app', c.oid, p.privilege)`,
  );
  expect(rows).toEqual([]);
});

test("without a session the app sees no customer and no company", async () => {
  await database.owner.query(
    `insert into departments (name) values ('x'); insert into cells (department_no) select max(department_no) from departments;
     insert into customers (cell_no, version, created_at, updated_at) select max(cell_no), 1, now(), now() from cells;
     insert into companies (version, created_at, updated_at) values (1, now(), now())`,
  );
  expect((await database.app.query("select * from customers")).rows).toEqual([]);
  expect((await database.app.query("select * from companies")).rows).toEqual([]);
  const client = await database.app.connect();
  try {
    await client.query("begin; select set_config('kuraban.reads_all', 'on', true)");
    expect((await client.query("select * from customers")).rows).toHaveLength(1);
  } finally {
    await client.query("rollback");
    client.release();
  }
  expect((await database.app.query("select * from customers")).rows).toEqual([]);
});

test("the app may write tokens but not read them", async () => {
  await expect(database.app.query("select tokens from customer_search")).rejects.toThrow(/permission denied/);
});

test("every foreign key has an index", async () => {
  const { rows } = await database.owner.query<{ constraint: string }>(
    `select c.conrelid::regclass || ' ' || c.conname as constraint from pg_constraint c
      where c.contype = 'f' and not exists (
        select from pg_index i where i.indrelid = c.conrelid and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)`,
  );
  expect(rows).toEqual([]);
});
