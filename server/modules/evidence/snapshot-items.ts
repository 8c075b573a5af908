import { createHash } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import type { Context, Storehouse } from "#server/core/door/index.ts";
import { canonicalJson } from "#server/core/ledger/canonical-json.ts";
import {
  countStored,
  findCheckpointFrom,
  findNewest,
  findNewestCosigned,
  listEpochs,
  noteOf,
  proveConsistencyIn,
  proveInclusionIn,
  readStored,
  sequenceOf,
  type Fact,
  type Query,
} from "#server/core/ledger/index.ts";
import { policiesBetween } from "#server/modules/accounts/index.ts";
import {
  incidentColumns,
  movesOf,
  personIn,
  scopeColumns,
  standingIn,
  summaryOf,
  tiersOfScope,
  waysOf,
  type IncidentRow,
  type ScopeRow,
} from "#server/modules/incidents/index.ts";
import { measureColumns, type MeasureRow } from "#server/modules/measures/index.ts";
import { questionsOf, streamExport } from "#server/modules/records/index.ts";
import type { SnapshotKind } from "#shared/evidence.ts";
import type { SnapshotRow } from "./evidence-records.ts";

/** Events of the time that are written out, when somebody asked and by itself; where there were more, the item says so, and the ledger keeps them. */
const mostExported = { asked: 200_000, unasked: 20_000 };
/** Events by which somebody came into the scope, each with its proof. */
const mostProven = 5_000;
const linesAtOnce = 2_000;
const dayMs = 86_400_000;

/** What a snapshot is of. */
export interface Ground {
  readonly storehouse: Storehouse;
  readonly incident: IncidentRow;
  readonly scope: ScopeRow | undefined;
  readonly isAsked: boolean;
  /** The time that its causes speak of; undefined: from the beginning. */
  readonly from: Date | undefined;
  readonly to: Date;
}

type Pieces = AsyncIterable<Buffer | string> | Iterable<Buffer | string>;

export async function groundOf(
  context: Pick<Context, "db">,
  storehouse: Storehouse,
  { incident_no: incidentNo, scope_no: scopeNo, because }: Pick<SnapshotRow, "incident_no" | "scope_no" | "because">,
): Promise<Ground> {
  const [incident] = await context.db.query<IncidentRow>(`select ${incidentColumns} from incidents where incident_no = $1`, [incidentNo]);
  if (incident === undefined) throw new Error("a snapshot is of an incident that is not there");
  const [scope] = scopeNo === null ? [] : await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where scope_no = $1`, [scopeNo]);
  const begins = scope?.causes.map(({ from }) => (from === undefined ? undefined : new Date(from))) ?? [new Date(incident.known_at.getTime() - dayMs)];
  const from = begins.includes(undefined) ? undefined : (begins as Date[]).reduce((first, at) => (at < first ? at : first));
  return { storehouse, incident, scope, isAsked: because === "asked", from, to: scope?.as_of_at ?? storehouse.clock() };
}

/**
 * The content of each kind of item, in numbers, codes, times and hashes. What people typed stands in it as it is sealed (`sealed`, base64): its
 * SHA-256 is what the event said when it was typed. Undefined where there is nothing of the kind.
 */
export const itemMakers: Readonly<Record<SnapshotKind, (ground: Ground, context: Context) => Promise<Pieces | undefined>>> = {
  scope: writeScope,
  people: writePeople,
  events: writeEvents,
  ledger: writeLedger,
  checkpoint: writeCheckpoint,
  case: writeCase,
  facts: writeFacts,
  papers: writePapers,
  measures: writeMeasures,
  rights: writeRights,
};

const json = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value)) as Fact);
const lineOf = (value: unknown): string => `${json(value)}\n`;

/** Blobs as base64, times as ISO 8601; whatever else as it stands. */
function plainRow(row: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, Buffer.isBuffer(value) ? value.toString("base64") : value instanceof Date ? value.toISOString() : value]),
  );
}

/** The run as it stands: its question, its figures, its tiers packed as they were hashed, and what was moved by hand. */
async function writeScope({ scope }: Ground, context: Context): Promise<Pieces | undefined> {
  if (scope === undefined) return undefined;
  const moves = await movesOf(context, scope.incident_no);
  const [row] = await context.db.query<{ packed: Buffer }>("select packed from incident_scopes where scope_no = $1", [scope.scope_no]);
  return [
    json({
      v: 1,
      summary: await summaryOf(context, scope, moves),
      moves: [...moves].map(([no, { tier, by, at, sealedReason }]) => ({ no, tier, by, at, sealed: sealedReason.toString("base64") })),
      packed: zstdDecompressSync((row as { packed: Buffer }).packed).toString("base64"),
    }),
  ];
}

/** A line for each person who is confirmed or possible, by number. */
async function writePeople({ scope }: Ground, context: Context): Promise<Pieces | undefined> {
  if (scope === undefined) return undefined;
  const tiers = await tiersOfScope(context, scope.scope_no);
  const standing = standingIn(scope, tiers, await movesOf(context, scope.incident_no));
  const fields = new Map(context.policy.fields.map((field) => [field.no, field.key]));
  return (function* () {
    yield lineOf({ v: 1, runNo: scope.scope_no, asOfEvent: scope.as_of_event, hash: scope.hash.toString("base64url") });
    let lines = "";
    let held = 0;
    for (const no of tiers.existed) {
      const tier = standing.tierOf(no);
      if (tier === undefined || (tier === "excluded" && !standing.moves.has(no))) continue;
      const person = personIn(tiers, no);
      lines += lineOf({
        no,
        tier,
        computed: standing.computedTier(no),
        ways: person === undefined ? [] : waysOf(person.wayBits),
        events: person?.events ?? 0,
        ...(person !== undefined && person.events > 0
          ? {
              firstEvent: person.firstEvent,
              lastEvent: person.lastEvent,
              firstAt: new Date(person.firstAt).toISOString(),
              lastAt: new Date(person.lastAt).toISOString(),
            }
          : {}),
        fields: (person?.codes ?? []).map((code) => `${fields.get(code >> 1) ?? code >> 1}${code % 2 === 1 ? "" : " (shape)"}`),
      });
      if (++held === linesAtOnce) {
        yield lines;
        [lines, held] = ["", 0];
      }
    }
    yield lines;
  })();
}

/** The first and the last event by which each person came into the scope, as they stand in the tree: header, place and proof. */
async function writeEvents({ scope, storehouse }: Ground, context: Context): Promise<Pieces | undefined> {
  if (scope === undefined) return undefined;
  const tiers = await tiersOfScope(context, scope.scope_no);
  const numbers = new Set<number>();
  for (const { events, firstEvent, lastEvent } of tiers.people) if (events > 0) numbers.add(firstEvent).add(lastEvent);
  const eventNos = [...numbers].toSorted((a, b) => a - b);
  const query = questionsOf(storehouse);
  const checkpoint = await findNewest(query);
  if (checkpoint === undefined) return undefined;
  const wanted = eventNos.slice(0, mostProven);
  return (async function* () {
    yield lineOf({ v: 1, checkpoint: noteOf(checkpoint), treeSize: checkpoint.treeSize, events: eventNos.length, written: wanted.length });
    for (let from = 0; from < wanted.length; from += 100) {
      const part = wanted.slice(from, from + 100);
      const places = await sequenceOf(query, part);
      for (const event of await readStored(query, part)) {
        const sequence = places.get(event.event_no);
        if (sequence === undefined || sequence >= checkpoint.treeSize) continue;
        const path = await proveInclusionIn(query, sequence, checkpoint.treeSize);
        yield lineOf({ eventNo: event.event_no, sequence, header: event.header, path: path.map((hash) => hash.toString("base64")) });
      }
    }
  })();
}

/** The ledger's own export over the time, gzip; where it is too long, what stands in its place. */
async function writeLedger({ storehouse, isAsked, from, to }: Ground): Promise<Pieces | undefined> {
  const query = questionsOf(storehouse);
  const end = new Date(to.getTime() + 1);
  const most = mostExported[isAsked ? "asked" : "unasked"];
  const events = await countStored(query, { from: from ?? new Date(0), to: end }, most + 1);
  if (events > most) return [json({ v: 1, isLeftOut: true, moreThan: most, from: from?.toISOString() ?? null, to: end.toISOString() })];
  return streamExport({ query, from, to: end, hasEntries: true, now: storehouse.clock(), isPacked: true });
}

/** Checkpoints with whoever signed them: the newest, the newest that a witness cosigned, those with a time stamp; how they lie on one tree. */
async function writeCheckpoint({ storehouse }: Ground): Promise<Pieces | undefined> {
  const query = questionsOf(storehouse);
  const newest = await findNewest(query);
  if (newest === undefined) return undefined;
  const cosigned = await findNewestCosigned(query);
  const stamped = await newestStamped(query);
  const others = new Map(
    [cosigned, ...stamped.map(({ checkpoint }) => checkpoint)].flatMap((one) =>
      one === undefined || one.treeSize === newest.treeSize ? [] : [[one.treeSize, one] as const],
    ),
  );
  return [
    json({
      v: 1,
      treeSize: newest.treeSize,
      checkpoint: noteOf(newest),
      epochs: (await listEpochs(query)).map(({ epochNo, document, signature }) => ({ epochNo, document, signature: signature.toString("base64") })),
      others: await Promise.all(
        [...others].map(async ([treeSize, one]) => ({
          treeSize,
          checkpoint: noteOf(one),
          path: (await proveConsistencyIn(query, treeSize, newest.treeSize)).map((hash) => hash.toString("base64")),
        })),
      ),
      stamps: stamped.map(({ treeSize, note, at, token }) => ({ treeSize, checkpoint: note, at: at.toISOString(), token: token.toString("base64") })),
    }),
  ];
}

async function newestStamped(query: Query) {
  const { rows } = await query.query(
    `select t.tree_size, t.at, t.token, c.note from ledger_timestamps t join ledger_checkpoints c using (epoch_no, tree_size)
      where epoch_no = (select max(epoch_no) from ledger_epochs) order by t.timestamp_no desc limit 3`,
  );
  const found = [];
  for (const row of rows) {
    const treeSize = Number(row["tree_size"]);
    found.push({
      treeSize,
      at: row["at"] as Date,
      token: row["token"] as Buffer,
      note: row["note"] as string,
      checkpoint: await findCheckpointFrom(query, treeSize),
    });
  }
  return found;
}

async function writeCase({ incident }: Ground, { db }: Context): Promise<Pieces> {
  const no = [incident.incident_no];
  const rows = async (sql: string): Promise<unknown[]> => (await db.query<Record<string, unknown>>(sql, no)).map(plainRow);
  return [
    json({
      v: 1,
      incident: plainRow(incident),
      tasks: await rows(
        "select task_no, task_key, phase, kind, owner_role, due_at, assigned_to, state, changed_by, changed_at, sealed_note from incident_tasks where incident_no = $1 order by task_no",
      ),
      team: await rows("select role, account_no, assigned_at from incident_team where incident_no = $1 order by role, account_no"),
      notes: await rows("select note_no, happened_at, written_by, written_at, sealed_text from incident_notes where incident_no = $1 order by note_no"),
    }),
  ];
}

/** The fact sheet with every version. */
async function writeFacts({ incident }: Ground, { db }: Context): Promise<Pieces> {
  const rows = await db.query<Record<string, unknown>>(
    "select fact_no, key, certainty, value, sealed_text, stated_by, stated_at from incident_facts where incident_no = $1 order by fact_no",
    [incident.incident_no],
  );
  return [json({ v: 1, facts: rows.map(plainRow) })];
}

async function writePapers({ incident }: Ground, { db }: Context): Promise<Pieces> {
  const rows = await db.query<Record<string, unknown>>(
    `select draft_no, paper, version, content, content_hash, scope_no, overall, made_by, made_at, request_no, approved_by, approved_at
       from incident_drafts where incident_no = $1 and state = 'approved' order by draft_no`,
    [incident.incident_no],
  );
  return [json({ v: 1, papers: rows.map(plainRow) })];
}

/** What was taken for this incident, or while it was open. */
async function writeMeasures({ incident, to }: Ground, { db }: Context): Promise<Pieces> {
  const rows = await db.query<MeasureRow>(
    `select ${measureColumns} from measures where incident_no = $1 or (incident_no is null and taken_at between $2 and $3) order by measure_no`,
    [incident.incident_no, incident.known_at, incident.closed_at ?? to],
  );
  return [json({ v: 1, measures: rows.map(plainRow) })];
}

/** Who held which role in which department, and what the roles were, at every moment of the time. */
async function writeRights({ from, to }: Ground, context: Context): Promise<Pieces> {
  const { policies, assumed } = await policiesBetween(context, from ?? new Date(0), to);
  return [
    json({
      v: 1,
      policies: policies.map(({ version, since, roles, rolesOf, departmentOf, departments, stateOf }) => ({
        version,
        since: since?.toISOString() ?? null,
        roles: [...roles.values()],
        departments: [...departments.values()],
        accounts: [...rolesOf].map(([accountNo, held]) => ({
          accountNo,
          roles: held,
          departmentNo: departmentOf.get(accountNo) ?? null,
          state: stateOf.get(accountNo) ?? null,
        })),
      })),
      assumed,
    }),
  ];
}

/** SHA-256 over "kind sha256\n" of the items of a snapshot, by kind. */
export function hashOfItems(items: readonly { readonly kind: string; readonly sha256: Buffer }[]): Buffer {
  const lines = items.map(({ kind, sha256 }) => `${kind} ${sha256.toString("hex")}\n`).toSorted();
  return createHash("sha256").update(lines.join("")).digest();
}
