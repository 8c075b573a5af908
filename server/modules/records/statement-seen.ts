import { queryOver, releasedFields, type Context, type Draft, type Input, type RenderedFile } from "#server/core/door/index.ts";
import {
  findCheckpoint,
  findCurrentEpoch,
  hashLeaf,
  holdsInclusion,
  listEvents,
  proveEntry,
  proveInclusionIn,
  readStored,
  type EntryProof,
  type Fact,
  type Query,
  type RecordedEvent,
} from "#server/core/ledger/index.ts";
import { customerFor } from "#server/modules/customers/index.ts";
import { everyNumberOf } from "#server/modules/duplicates/index.ts";
import { mostStated, type SeenStatement, type StatedEvent, type stateSeenJson as endpoint } from "#shared/ledger-export.ts";
import { Problem } from "#shared/problems.ts";
import { readVerifier } from "./export-ledger.ts";
import { listVerifierKeys } from "./export-routes.ts";
import { windowOf, writeStatement } from "./statement.ts";

/**
 * Everything that the ledger says of one person over a time, with the proof of each event: its header whole, its place in the
 * tree, and the person's own entries; of others who stand in the same events nothing but their number shows.
 * @throws Problem not-found; invalid-input {field: "from"} for a time without length, or one that holds too much;
 *   ledger-unsound when the ledger does not hold there
 */
export async function stateSeen(context: Context, input: Input<typeof endpoint>): Promise<Draft<SeenStatement>> {
  const { customerNo } = await customerFor(context, input.params.customerNo);
  const query = queryOver(context.db);
  const customers = await everyNumberOf(context, [customerNo]);
  const [from, to] = windowOf(context, input.body);
  if (from >= to) {
    throw new Problem("invalid-input", { field: "to" });
  }
  const [checkpoint, epoch] = [await findCheckpoint(query), await findCurrentEpoch(query)];
  if (checkpoint === undefined || epoch === undefined) {
    throw new Problem("ledger-unsound");
  }
  const events = (await everyEventOf(query, customers, from, to)).filter(({ sequence }) => sequence !== null && sequence < checkpoint.treeSize);
  const proofs: Fact[] = [];
  for (const event of events) {
    proofs.push(await proveEvent(query, event, customers, checkpoint));
  }
  const { journal, policy } = context;
  journal.purpose(input.body.purpose);
  journal.fact("events", events.length);
  journal.fact("from", from.toISOString());
  journal.fact("to", to.toISOString());
  journal.fact("treeSize", checkpoint.treeSize);
  for (const no of customers) {
    journal.touched("customer", no);
  }
  const [organisation] = await context.db.query<{ name: string }>("select name from organisation");
  const verifyWith = { sha256: readVerifier().sha256, keys: await listVerifierKeys(query, context.door.checkpointKeys) };
  const stated = { at: context.now.toISOString(), from: from.toISOString(), to: to.toISOString(), origin: checkpoint.origin };
  return {
    ...stated,
    organisation: organisation?.name ?? "",
    customerNo,
    treeSize: checkpoint.treeSize,
    verifyWith,
    events: events.map((event): StatedEvent => {
      const own = event.releases.filter(({ kind, numbers }) => kind === "customer" && customers.some((no) => numbers.includes(no)));
      return {
        sequence: event.sequence as number,
        at: event.at.toISOString(),
        type: event.type,
        role: event.accountNo === null ? event.principal : (policy.rolesOf.get(event.accountNo)?.[0] ?? "former"),
        accountNo: event.accountNo,
        fields: releasedFields(policy, own).map(({ field, how }) => {
          const known = policy.fields.find((one) => one.kind === "customer" && one.key === field);
          return { field, ja: known?.ja ?? field, en: known?.en ?? field, how };
        }),
        purpose: event.purpose ?? null,
      };
    }),
    proof: writeStatement(
      { kind: "seen", ...stated, epoch: epoch.epochNo, customers, checkpoint: checkpoint.note, events: proofs },
      context.door.signStatement,
    ),
  };
}

/** Every event that names one of the numbers, in the order of the tree. */
async function everyEventOf(query: Query, customers: readonly number[], from: Date, to: Date): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  let before: number | undefined;
  for (;;) {
    const { events, nextBefore } = await listEvents(query, { customerNo: customers, from, to, before, limit: 100 });
    found.push(...events);
    if (found.length > mostStated) {
      throw new Problem("invalid-input", { field: "from", most: mostStated });
    }
    if (nextBefore === null) {
      return found.toSorted((a, b) => (a.sequence ?? Infinity) - (b.sequence ?? Infinity));
    }
    before = nextBefore;
  }
}

async function proveEvent(query: Query, event: RecordedEvent, customers: readonly number[], tree: { treeSize: number; rootHash: Buffer }): Promise<Fact> {
  const sequence = event.sequence as number;
  const [stored] = await readStored(query, [event.eventNo]);
  if (stored === undefined) {
    throw new Problem("ledger-unsound", { sequence });
  }
  const { header, salt, entries } = stored;
  const path = await proveInclusionIn(query, sequence, tree.treeSize);
  if (!holdsInclusion(hashLeaf(Buffer.from(header)), sequence, tree.treeSize, path, tree.rootHash)) {
    throw new Problem("ledger-unsound", { sequence });
  }
  const named = entries === null || salt === null ? [] : customers.flatMap((no) => proveEntry(entries, salt, "customer", no) ?? []);
  return { sequence, header, entries: named.map(plainEntry), path: path.map((hash) => hash.toString("base64")) };
}

function plainEntry({ entry, salt, index, count, path }: EntryProof): Fact {
  return {
    ...entry,
    fields: entry.fields.map((pair) => [...pair]),
    salt: salt.toString("base64"),
    index,
    count,
    path: path.map((hash) => hash.toString("base64")),
  };
}

/** For the verifier: the signed statement as it is. */
export async function renderSeenJson(built: SeenStatement): Promise<RenderedFile> {
  return { bytes: Buffer.from(built.proof), type: "application/json", name: `閲覧の証明-${built.customerNo}.json` };
}
