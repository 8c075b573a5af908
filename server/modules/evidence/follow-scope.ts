import { randomUUID } from "node:crypto";
import { actAs, type Context, type HeldKind, type Storehouse } from "#server/core/door/index.ts";
import { scopeColumns, type ScopeRow } from "#server/modules/incidents/index.ts";
import { addMembers, addPersons, everyNumber, existingLists, namedIn, personsIn } from "./hold-members.ts";

/** A hold whose incident has runs, moves or failed verifications that its members do not hold yet. */
interface Behind {
  readonly hold_no: number;
  readonly incident_no: number;
  readonly scope_no: number;
  readonly tiers: readonly string[];
  readonly with_causes: boolean;
  /** The newest run. */
  readonly run: number;
  readonly runs: number;
  readonly fails: number;
  readonly moves: number;
}

type Reading = Pick<Context, "db">;

/** Every run from the hold's own one on: whom any of them names is held, whatever a later one says. */
function runsOf({ db }: Reading, hold: Behind): Promise<ScopeRow[]> {
  return db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 and scope_no >= $2 order by scope_no`, [
    hold.incident_no,
    hold.scope_no,
  ]);
}

async function personsOfRuns(context: Reading, hold: Behind): Promise<Set<number>> {
  const persons = new Set<number>();
  for (const run of await runsOf(context, hold)) for (const no of await personsIn(context, run, hold.tiers)) persons.add(no);
  return persons;
}

async function namedByRuns(context: Reading, hold: Behind, kind: "list" | "import"): Promise<number[]> {
  return hold.with_causes ? [...new Set((await runsOf(context, hold)).flatMap((run) => namedIn(run, kind)))] : [];
}

/**
 * What standing holds keep besides their members: what the runs of their incidents named since. Asked before the members are, so that
 * what is written out meanwhile is found by one or the other.
 */
export async function keptSince(context: Reading, kind: HeldKind): Promise<Set<number>> {
  const behind = await context.db.query<Behind>("select * from evidence_holds_behind");
  const kept = new Set<number>();
  for (const hold of behind) {
    for (const no of kind === "customer" ? await personsOfRuns(context, hold) : await namedByRuns(context, hold, kind)) kept.add(no);
  }
  return kept;
}

/** Writes out for every hold whom newer runs name; one event for each. */
export async function followScopes(storehouse: Storehouse): Promise<void> {
  const { rows } = await storehouse.pool.query<{ hold_no: number }>("select hold_no from evidence_holds_behind order by hold_no");
  for (const { hold_no } of rows) {
    await actAs(storehouse, "system", "evidence.hold-extended", randomUUID(), (context) => followScope(context, hold_no));
  }
}

async function followScope(context: Context, holdNo: number): Promise<void> {
  const { db, journal } = context;
  await db.query("select from evidence_holds where hold_no = $1 for update", [holdNo]);
  const [hold] = await db.query<Behind>("select * from evidence_holds_behind where hold_no = $1", [holdNo]);
  journal.fact("holdNo", holdNo);
  if (hold === undefined) return;
  const added = await notYetHeld(context, hold, [...(await personsOfRuns(context, hold))]);
  await addPersons(context, holdNo, added);
  await addMembers(context, holdNo, "list", await existingLists(context, await namedByRuns(context, hold, "list")));
  await addMembers(context, holdNo, "import", await namedByRuns(context, hold, "import"));
  const [row] = await db.query<{ persons: number }>(
    "update evidence_holds set persons = persons + $2, followed_run = $3, followed_runs = $4, followed_moves = $5, followed_fails = $6 where hold_no = $1 returning persons",
    [holdNo, added.length, hold.run, hold.runs, hold.moves, hold.fails],
  );
  journal.fact("incidentNo", hold.incident_no);
  journal.fact("runNo", hold.run);
  journal.fact("added", added.length);
  journal.fact("persons", row?.persons ?? 0);
  journal.touched("incident", hold.incident_no);
}

/** Persons of whose numbers none is a member, each once. */
async function notYetHeld(context: Context, hold: Behind, nos: readonly number[]): Promise<number[]> {
  const personOf = await everyNumber(context, nos);
  const members = await context.db.query<{ no: number }>("select no from evidence_hold_members where hold_no = $1 and kind = 'customer' and no = any($2)", [
    hold.hold_no,
    [...personOf.keys()],
  ]);
  const held = new Set(members.map(({ no }) => personOf.get(no)));
  return [...new Set(personOf.values())].filter((person) => !held.has(person));
}
