import { sealText, type Context, type Draft, type Input, type Meant, type Received, type Storehouse } from "#server/core/door/index.ts";
import { readListedPeople, type ListedRow } from "#server/modules/imports/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listedKeys, matchPeople as endpoint, mostListedRows } from "#shared/incident-match.ts";
import { Problem } from "#shared/problems.ts";
import { matchRows } from "./match-rows.ts";

const longestName = 255;
const rowsAtOnce = 1_000;

/** Takes in a list that somebody wrote down, finds whom it means, and keeps both. In the event: how many rows came to what. */
export async function receivePeople(storehouse: Storehouse, input: Input<typeof endpoint>): Promise<Received<typeof endpoint>> {
  const fileName = decodeName(input.header("x-file-name"));
  const bytes = await collect(input.upload as AsyncIterable<Buffer>);
  const rows = await readListedPeople(bytes, { most: mostListedRows, today: dayInJapan(storehouse.clock()) });
  if (rows.length === 0) throw new Problem("file-unreadable", { reason: "empty-file" });
  return {
    useCase: (context) => keepMatch(context, input.params.incidentNo, fileName, rows),
    discard: async () => undefined,
  };
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of source) {
    bytes += part.length;
    if (bytes > endpoint.bodyLimit) throw new Problem("file-too-large", { mostBytes: endpoint.bodyLimit });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function keepMatch(context: Context, incidentNo: number, fileName: string, rows: readonly ListedRow[]): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db, door, journal, now, actor } = context;
  const [incident] = await db.query<{ closed_at: Date | null }>("select closed_at from incidents where incident_no = $1", [incidentNo]);
  if (incident === undefined) throw new Problem("not-found");
  if (incident.closed_at !== null) throw new Problem("conflict", { reason: "incident-closed" });
  const seal = (texts: Readonly<Record<string, string>>): Buffer => sealText(door.vault, { kind: "incident", no: incidentNo }, "personal", 1, texts);
  const { meant, examined } = await matchRows(
    context,
    rows.map((row) => row.values),
  );
  const [list] = await db.query<{ match_no: number }>(
    "insert into incident_matches (incident_no, made_by, made_at, sealed_name) values ($1, $2, $3, $4) returning match_no",
    [incidentNo, actor.accountNo, now, seal({ fileName })],
  );
  const matchNo = (list as { match_no: number }).match_no;
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await insertRows(context, matchNo, rows.slice(from, from + rowsAtOnce), meant.slice(from, from + rowsAtOnce), seal);
  }
  journal.touched("incident", incidentNo);
  journal.fact("incidentNo", incidentNo);
  journal.fact("matchNo", matchNo);
  journal.fact("rows", rows.length);
  journal.fact("examined", examined);
  for (const kind of ["sure", "ambiguous", "none"] as const) journal.fact(kind, meant.filter((one) => one.kind === kind).length);
  return { matchNo };
}

async function insertRows(
  { db, now }: Context,
  matchNo: number,
  rows: readonly ListedRow[],
  meant: readonly Meant[],
  seal: (texts: Readonly<Record<string, string>>) => Buffer,
): Promise<void> {
  const candidatesOf = (at: number): Meant["candidates"] => meant[at]?.candidates ?? [];
  await db.query(
    `insert into incident_match_rows (match_no, row_no, outcome, sealed_listed, keys, candidates, reasons, chosen, decided_at)
     select $1, t.row_no, t.outcome, t.sealed, t.keys::text[], t.candidates::integer[], t.reasons,
            case when t.outcome = 'sure' then t.candidates::integer[] end, case when t.outcome = 'sure' then $8::timestamptz end
       from unnest($2::integer[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::jsonb[]) as t (row_no, outcome, sealed, keys, candidates, reasons)`,
    [
      matchNo,
      rows.map((row) => row.row),
      meant.map((one) => one.kind),
      rows.map((row) => seal(row.values)),
      rows.map((row) => `{${listedKeys.filter((key) => row.values[key] !== undefined).join()}}`),
      rows.map(
        (_, at) =>
          `{${candidatesOf(at)
            .map(({ no }) => no)
            .join()}}`,
      ),
      rows.map((_, at) => JSON.stringify(candidatesOf(at).map(({ reasons }) => reasons))),
      now,
    ],
  );
}

function decodeName(header: string | undefined): string {
  try {
    const name = decodeURIComponent(header ?? "").trim();
    if (name !== "" && name.isWellFormed() && !/\p{Cc}/u.test(name)) return name.slice(0, longestName);
  } catch {
    // Not percent-encoded: refused below.
  }
  throw new Problem("invalid-input", { field: "x-file-name" });
}
