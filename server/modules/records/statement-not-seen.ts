import { createHash, randomBytes } from "node:crypto";
import { hasVerb } from "#server/core/access/compile.ts";
import { queryOver, type Context, type Draft, type Input, type RenderedFile } from "#server/core/door/index.ts";
import { countStored, findCurrentEpoch, listEvents, type Query } from "#server/core/ledger/index.ts";
import { beyondScope } from "#server/modules/customers/index.ts";
import { everyNumberOf } from "#server/modules/duplicates/index.ts";
import { mostVerified, type NotSeenStatement, type stateNotSeen as endpoint } from "#shared/ledger-export.ts";
import { Problem } from "#shared/problems.ts";
import { customersOf, readVerifierKey, verifyExport } from "../../../verifier/kuraban-verify.mjs";
import { exportLedger, readVerifier } from "./export-ledger.ts";
import { listVerifierKeys } from "./export-routes.ts";
import { windowOf, writeStatement } from "./statement.ts";

/** Whoever is signed in may ask for such a statement, and it reads half a million events: one after the other in the whole house. */
const statementLock = 0x6b72_6e73;
/** Events that stand under no checkpoint yet, looked at in one go. */
const inOneGo = 200;

/**
 * That an account did not see given people over a time: the ledger of that time is verified as an outsider would verify it, from
 * an export, and every event of the account is looked at. The statement names the people by salted hashes alone; numbers and
 * salts stand beside it. Numbers that nobody has are as good as others, so that the answer tells nothing about them.
 * @throws Problem not-permitted; invalid-input for a time without length, or one that holds too much; was-seen {events};
 *   too-many-requests as long as another one is being made;
 *   ledger-unsound
 */
export async function stateNotSeen(context: Context, input: Input<typeof endpoint>): Promise<Draft<NotSeenStatement>> {
  const { actor, journal, door } = context;
  const accountNo = input.body.accountNo ?? actor.accountNo;
  if (accountNo === null || (accountNo !== actor.accountNo && !hasVerb(actor.rights, "read-ledger"))) {
    throw new Problem("not-permitted");
  }
  const [from, to] = windowOf(context, input.body);
  if (from >= to) {
    throw new Problem("invalid-input", { field: "to" });
  }
  const query = queryOver(context.db);
  if ((await countStored(query, { from, to }, mostVerified + 1)) > mostVerified) {
    throw new Problem("invalid-input", { field: "from", most: mostVerified });
  }
  const [free] = await context.db.query<{ is_free: boolean }>("select pg_try_advisory_xact_lock($1) as is_free", [statementLock]);
  if (free?.is_free !== true) throw new Problem("too-many-requests", { retryAfterSeconds: 10 });
  // The other numbers of a person. Who reads the ledger finds them of everybody, seeing a customer or not: what they state of an account
  // holds for the person. Of people whom anybody else does not see, none are found, and none are told.
  const look = (): Promise<number[]> => everyNumberOf(context, input.body.customerNos);
  const found = await (hasVerb(actor.rights, "read-ledger") ? beyondScope(context, look) : look());
  const customers = [...new Set([...input.body.customerNos, ...found])].toSorted((a, b) => a - b);
  const sought = new Set(customers);
  journal.fact("accountNo", accountNo);
  journal.fact("people", customers.length);
  journal.fact("from", from.toISOString());
  journal.fact("to", to.toISOString());

  let eventsOfAccount = 0;
  const seenIn: number[] = [];
  const keys = await listVerifierKeys(query, door.checkpointKeys);
  const verified = await verifyExport(exportLedger({ query, from, to, hasEntries: true, now: context.now }), {
    keys: keys.map(readVerifierKey),
    onEvent(header, entries, writes, sequence) {
      const at = Date.parse(header.at);
      if (sequence === null || at < from.getTime() || at >= to.getTime() || !isActOf(header, accountNo)) return;
      eventsOfAccount += 1;
      if (customersOf(entries, writes).some((no) => sought.has(no))) seenIn.push(sequence);
    },
  });
  const beginsBefore = verified.from === 0 || (verified.firstAt !== null && Date.parse(verified.firstAt) < from.getTime());
  if (!verified.ok || !beginsBefore) {
    throw new Problem("ledger-unsound", verified.findings[0]?.sequence == null ? {} : { sequence: verified.findings[0].sequence });
  }
  seenIn.push(...(await seenSince(query, accountNo, from, to, sought, verified.treeSize)));
  journal.fact("seen", seenIn.length);
  if (seenIn.length > 0) {
    throw new Problem("was-seen", { events: seenIn.slice(0, 100) });
  }
  const epoch = await findCurrentEpoch(query);
  const people = customers.map((no) => ({ no, salt: randomBytes(16).toString("base64url") }));
  const checkpoint = await noteAt(query, verified.treeSize);
  const stated = { accountNo, at: context.now.toISOString(), from: from.toISOString(), to: to.toISOString() };
  const proof = writeStatement(
    {
      kind: "not-seen",
      ...stated,
      epoch: epoch?.epochNo ?? 0,
      origin: verified.origin,
      people: people.map(hashPerson).toSorted(),
      eventsOfAccount,
      checkpoint,
    },
    door.signStatement,
    people,
  );
  journal.fact("statement", createHash("sha256").update(proof).digest("base64url"));
  const [organisation] = await context.db.query<{ name: string }>("select name from organisation");
  return {
    ...stated,
    organisation: organisation?.name ?? "",
    customerNos: [...new Set(input.body.customerNos)].toSorted((a, b) => a - b),
    eventsOfAccount,
    treeSize: verified.treeSize,
    origin: verified.origin ?? "",
    verifyWith: { sha256: readVerifier().sha256, keys },
    proof,
  };
}

interface Acted {
  readonly accountNo?: number | null;
  readonly principal: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Acts of an account, and those of the house on its behalf. */
function isActOf(header: Acted, accountNo: number): boolean {
  return header.accountNo === accountNo || (header.principal === "system" && header.facts?.["accountNo"] === accountNo);
}

/** The last moments: what happened before `to` and is not under the checkpoint yet. Their event numbers stand for places. */
async function seenSince(query: Query, accountNo: number, from: Date, to: Date, sought: ReadonlySet<number>, treeSize: number): Promise<number[]> {
  const seen: number[] = [];
  let before: number | undefined;
  for (;;) {
    const { events, nextBefore } = await listEvents(query, { from, to, before, limit: inOneGo });
    const since = events.filter(({ sequence }) => sequence === null || sequence >= treeSize);
    for (const event of since.filter((one) => isActOf(one, accountNo))) {
      const { releases, writes, sequence, eventNo } = event;
      const people = [...releases.flatMap(numbersOf), ...writes.filter(({ kind }) => kind === "customer").map(({ no }) => no)];
      if (people.some((no) => sought.has(no))) seen.push(sequence ?? eventNo);
    }
    // However many there are: what stands behind a page of the tree stands in the tree.
    if (nextBefore === null || since.length === 0) return seen;
    before = nextBefore;
  }
}

const numbersOf = (release: { readonly kind: string; readonly numbers: readonly number[] }): readonly number[] =>
  release.kind === "customer" ? release.numbers : [];

/** SHA-256("customer " ‖ number, decimal ‖ newline ‖ salt, 16 bytes) as base64url. */
function hashPerson({ no, salt }: { readonly no: number; readonly salt: string }): string {
  return createHash("sha256").update(`customer ${no}\n`).update(Buffer.from(salt, "base64url")).digest("base64url");
}

async function noteAt(query: Query, treeSize: number): Promise<string> {
  const { rows } = await query.query("select note from ledger_checkpoints where tree_size = $1 order by epoch_no desc limit 1", [treeSize]);
  if (rows[0] === undefined) {
    throw new Problem("ledger-unsound");
  }
  return rows[0]["note"] as string;
}

export async function renderNotSeenJson(built: NotSeenStatement): Promise<RenderedFile> {
  return { bytes: Buffer.from(built.proof), type: "application/json", name: `見ていない証明-${built.accountNo}-${built.to.slice(0, 10)}.json` };
}
