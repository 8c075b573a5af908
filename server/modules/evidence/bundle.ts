import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { SealedText, queryOver, type Context, type Draft, type Input, type StreamedFile, type Storehouse } from "#server/core/door/index.ts";
import { canonicalJson } from "#server/core/ledger/canonical-json.ts";
import { findNewest, noteOf, proveInclusionIn, readStored, type Fact } from "#server/core/ledger/index.ts";
import { nameRecords } from "#server/modules/customers/index.ts";
import {
  findIncident,
  hashOfText,
  movesOf,
  noteIncident,
  scopeColumns,
  sealIncidentText,
  standingIn,
  tiersOfScope,
  type ScopeRow,
} from "#server/modules/incidents/index.ts";
import { writeZip, type ZipEntry } from "#server/platform/files/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { mostNamed, type bundleEvidence as endpoint } from "#shared/evidence.ts";
import { Problem } from "#shared/problems.ts";
import { addCustody } from "./add-custody.ts";
import { bindingEvent, fileNameOf } from "./custody.ts";
import { custodyFacts, custodyOf, itemColumns, itemFacts, itemsOf, type ItemRow } from "./evidence-records.ts";
import { readContent } from "./keep-item.ts";
import { locked, makeLock, type Lock } from "./lock.ts";

type Built = ReplyOf<typeof endpoint>;

/** What a signature of a bundle is over, before the bytes of its manifest. */
const heading = "kuraban evidence bundle v1\n";

/**
 * What goes into a bundle. Each item is proven by the event that bound its hash, under the newest checkpoint; so the house itself cannot
 * exchange one afterwards. Names and what people typed are released here, and locked by a password.
 * @throws Problem not-found; conflict {reason: "nothing-kept" | "not-in-tree"}: as long as the newest events stand under no checkpoint
 */
export async function bundleEvidence(context: Context, { params, body }: Input<typeof endpoint>): Promise<Draft<Built>> {
  const { journal, now } = context;
  const incident = await findIncident(context, params.incidentNo);
  const { incident_no: incidentNo } = incident;
  const every = await itemsOf(context, incidentNo);
  const items = every.filter(({ kind }) => body.withBrought || kind !== "brought");
  if (items.length === 0) throw new Problem("conflict", { reason: "nothing-kept" });
  const query = queryOver(context.db);
  const checkpoint = await findNewest(query);
  if (checkpoint === undefined) throw new Problem("conflict", { reason: "not-in-tree" });
  const told: Fact[] = [];
  for (const item of items) {
    const event = await bindingEvent(context, item);
    if (event === undefined) throw new Problem("ledger-unsound");
    if (event.sequence === null || event.sequence >= checkpoint.treeSize) throw new Problem("conflict", { reason: "not-in-tree" });
    const [stored] = await readStored(query, [event.eventNo]);
    const path = await proveInclusionIn(query, event.sequence, checkpoint.treeSize);
    told.push({
      ...stated(item),
      isLocked: item.kind === "brought",
      event: { sequence: event.sequence, header: (stored as { header: string }).header, path: path.map((hash) => hash.toString("base64")) },
    });
  }
  const custody = await custodyOf(
    context,
    every.map(({ item_no: no }) => no),
  );
  for (const item of items) await addCustody(context, item.item_no, "bundled");
  const manifest = canonicalJson({
    v: 1,
    kind: "kuraban-evidence",
    at: now.toISOString(),
    incidentNo,
    isDrill: incident.is_drill,
    origin: checkpoint.origin,
    treeSize: checkpoint.treeSize,
    checkpoint: noteOf(checkpoint),
    items: told,
    left: every.filter((item) => !items.includes(item)).map(stated),
    custody: custody.map(custodyFacts),
  });
  noteIncident(context, incident);
  const sealed = sealIncidentText(context, incidentNo, { purpose: body.purpose });
  journal.fact("items", items.length);
  journal.fact("treeSize", checkpoint.treeSize);
  for (const key of ["withNames", "withTexts", "withBrought"] as const) journal.fact(key, body[key]);
  journal.fact("hash", hashOfText(sealed));
  return {
    incidentNo,
    at: now.toISOString(),
    manifest,
    items: items.map(itemFacts),
    password: body.password,
    names: body.withNames ? await namesOf(context, incidentNo) : [],
    texts: body.withTexts ? await textsOf(context, incidentNo) : [],
  };
}

const pathOf = (item: Pick<ItemRow, "item_no" | "kind">): string =>
  `${item.kind === "brought" ? "locked" : "items"}/${fileNameOf({ itemNo: item.item_no, kind: item.kind })}`;

const stated = (item: ItemRow): { readonly [key: string]: Fact } => ({ path: pathOf(item), ...itemFacts(item) });

/** The people who are confirmed or possible by the newest run, as far as there are few enough to name. */
async function namesOf(context: Context, incidentNo: number): Promise<Draft<Built>["names"]> {
  const [run] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [
    incidentNo,
  ]);
  if (run === undefined) return [];
  const tiers = await tiersOfScope(context, run.scope_no);
  const standing = standingIn(run, tiers, await movesOf(context, incidentNo));
  const people = [...tiers.existed].filter((no) => standing.tierOf(no) !== "excluded");
  if (people.length > mostNamed) throw new Problem("invalid-input", { field: "withNames", most: mostNamed });
  const { customers } = await nameRecords(context, { customers: people, companies: [] });
  for (const { no } of customers) context.journal.touched("customer", no);
  return customers.map(({ no, name }) => ({ customerNo: no, name }));
}

async function textsOf({ db }: Context, incidentNo: number): Promise<Draft<Built>["texts"]> {
  const rows = await db.query<{ of: string; no: number; sealed_text: Buffer }>(
    `select 'fact' as of, fact_no as no, sealed_text from incident_facts where incident_no = $1 and sealed_text is not null
     union all select 'note', note_no, sealed_text from incident_notes where incident_no = $1 order by 1, 2`,
    [incidentNo],
  );
  const handle = (blob: Buffer, label: string) =>
    new SealedText({ kind: "incident", no: incidentNo }, blob, label, { authorNo: null, orVerb: "keep-evidence" });
  return rows.map((row) => ({
    of: row.of,
    no: row.no,
    text: handle(row.sealed_text, row.of === "fact" ? "value" : "text"),
    source: row.of === "fact" ? handle(row.sealed_text, "source") : null,
  }));
}

/** The file: manifest, signature, items. It is made while it is sent; an item that is not what was taken ends it in the middle. */
export function streamBundle(storehouse: Storehouse, built: Built): StreamedFile {
  return {
    type: "application/zip",
    name: `kuraban-evidence-incident-${built.incidentNo}-${built.at.slice(0, 10)}.zip`,
    open: () => Readable.from(bytesOf(storehouse, built), { objectMode: false }),
  };
}

export async function* bytesOf(storehouse: Storehouse, built: Built): AsyncGenerator<Buffer> {
  const lock = built.password === null ? undefined : await makeLock(built.password);
  const { rows } = await storehouse.pool.query<ItemRow>(`select ${itemColumns} from evidence_items where item_no = any($1) order by item_no`, [
    built.items.map(({ itemNo }) => itemNo),
  ]);
  const opened = Buffer.from(JSON.stringify({ v: 1, salt: randomBytes(16).toString("base64"), names: built.names, texts: built.texts }));
  const lockedFiles = lock === undefined ? [] : await lockFiles(lock, storehouse, rows, built.names.length + built.texts.length > 0 ? opened : undefined);
  const drafted = JSON.parse(built.manifest) as { [key: string]: Fact };
  const manifest = Buffer.from(canonicalJson({ ...drafted, locked: lockedFiles.map(({ path, sha256, plainSha256 }) => ({ path, sha256, plainSha256 })) }));
  const signature = storehouse.door.signStatement(Buffer.concat([Buffer.from(heading), manifest])).toString("base64");
  const plain: ZipEntry[] = rows
    .filter(({ kind }) => kind !== "brought")
    .map((item) => ({
      path: pathOf(item),
      open: () => readContent(storehouse, item),
      isPacked: item.kind !== "ledger",
    }));
  const entries: ZipEntry[] = [
    { path: "manifest.json", open: () => [manifest], isPacked: true },
    { path: "signature.json", open: () => [Buffer.from(`${JSON.stringify({ v: 1, origin: drafted["origin"], signature })}\n`)], isPacked: false },
    { path: "README.txt", open: () => [Buffer.from(readme)], isPacked: true },
    ...plain,
    ...lockedFiles.map(({ path, open }): ZipEntry => ({ path, open, isPacked: false })),
  ];
  for await (const piece of writeZip(entries, new Date(built.at))) yield piece as Buffer;
}

interface LockedFile {
  readonly path: string;
  /** Of what stands in the file, and of what it opens to; hexadecimal. */
  readonly sha256: string;
  readonly plainSha256: string;
  readonly open: () => AsyncIterable<Buffer>;
}

/** Each source is locked twice with the same nonce, once for its hash: so the manifest stands before what it speaks of. */
async function lockFiles(lock: Lock, storehouse: Storehouse, items: readonly ItemRow[], opened: Buffer | undefined): Promise<LockedFile[]> {
  const sources = [
    ...(opened === undefined ? [] : [{ path: "locked/opened.json.locked", read: () => [opened], plain: createHash("sha256").update(opened).digest("hex") }]),
    ...items
      .filter(({ kind }) => kind === "brought")
      .map((item) => ({
        path: pathOf(item),
        read: () => readContent(storehouse, item),
        plain: item.sha256.toString("hex"),
      })),
  ];
  const files: LockedFile[] = [];
  for (const { path, read, plain } of sources) {
    const nonce = randomBytes(12);
    const open = (): AsyncIterable<Buffer> => locked(lock, nonce, read());
    const hash = createHash("sha256");
    for await (const piece of open()) hash.update(piece);
    files.push({ path, sha256: hash.digest("hex"), plainSha256: plain, open });
  }
  return files;
}

const readme = `蔵番 Kuraban: 事案の証拠 / evidence of an incident

manifest.json   各ファイルの SHA-256、取得の記録とその証明、証拠の取り扱い / hashes of each file, the events that bound them with their proofs, chain of custody
signature.json  manifest.json への署名 / signature over manifest.json
items/          保全した内容(番号・符号・時刻・ハッシュ。氏名などは含まない) / what was kept: numbers, codes, times and hashes
locked/         パスワードで封をしたもの(あるとき) / locked by a password, where there is any

確かめ方 / To verify, with Node.js 20.12 or later and nothing else:
  node kuraban-verify.mjs THIS-FILE.zip --key VKEY
検証プログラム、その SHA-256、鍵は、このファイルとは別の道で受け取ってください。
Get the verifier, its SHA-256 and the keys by another way than this file.
`;
