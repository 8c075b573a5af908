import { SealedText, type Context, type Handle } from "#server/core/door/index.ts";
import type { ListedReason, MatchList, MatchOutcome } from "#shared/incident-match.ts";
import { Problem } from "#shared/problems.ts";

interface ListRow {
  readonly match_no: number;
  readonly made_by: number | null;
  readonly made_at: Date;
  readonly sealed_name: Buffer;
  readonly rows: number;
  readonly sure: number;
  readonly ambiguous: number;
  readonly none: number;
  readonly undecided: number;
  readonly people: number;
}

export interface MatchedRow {
  readonly row_no: number;
  readonly outcome: MatchOutcome;
  readonly sealed_listed: Buffer | null;
  readonly keys: string[];
  readonly candidates: number[];
  readonly reasons: ListedReason[][];
  readonly chosen: number[] | null;
}

/** A text of a list, for whoever handles incidents. */
export function textOfMatch(incidentNo: number, blob: Buffer | null, label: string): Handle {
  return blob === null ? null : new SealedText({ kind: "incident", no: incidentNo }, blob, label, { authorNo: null, orVerb: "handle-incidents" });
}

/** The lists of an incident with what they come to, newest first. */
export async function matchesOf(context: Context, incidentNo: number, matchNo: number | null = null) {
  const rows = await context.db.query<ListRow>(
    `select m.match_no, m.made_by, m.made_at, m.sealed_name, c.*
       from incident_matches m cross join lateral (
         select count(*)::integer as rows, count(*) filter (where outcome = 'sure')::integer as sure,
                count(*) filter (where outcome = 'ambiguous')::integer as ambiguous, count(*) filter (where outcome = 'none')::integer as none,
                count(*) filter (where outcome = 'ambiguous' and chosen is null)::integer as undecided,
                (select count(distinct no)::integer from incident_match_rows p cross join unnest(p.chosen) no where p.match_no = m.match_no) as people
           from incident_match_rows r where r.match_no = m.match_no) c
      where m.incident_no = $1 and ($2::integer is null or m.match_no = $2) order by m.match_no desc`,
    [incidentNo, matchNo],
  );
  return rows.map((row) => ({
    matchNo: row.match_no,
    fileName: textOfMatch(incidentNo, row.sealed_name, "fileName"),
    madeBy: row.made_by,
    madeAt: row.made_at.toISOString(),
    rowCount: row.rows,
    sure: row.sure,
    ambiguous: row.ambiguous,
    none: row.none,
    undecided: row.undecided,
    people: row.people,
  })) satisfies (Omit<MatchList, "fileName"> & { fileName: Handle })[];
}

/** @throws Problem not-found */
export async function demandMatch({ db }: Context, incidentNo: number, matchNo: number, isHeld = false): Promise<void> {
  const found = await db.query(`select match_no from incident_matches where match_no = $1 and incident_no = $2 ${isHeld ? "for update" : ""}`, [
    matchNo,
    incidentNo,
  ]);
  if (found.length === 0) throw new Problem("not-found");
}

/** How many ambiguous rows of an incident's lists nobody has settled: its scope is not closed before. */
export async function countUndecided({ db }: Pick<Context, "db">, incidentNo: number): Promise<number> {
  const [row] = await db.query<{ undecided: number }>(
    `select count(*)::integer as undecided from incident_matches m join incident_match_rows r using (match_no)
      where m.incident_no = $1 and r.outcome = 'ambiguous' and r.chosen is null`,
    [incidentNo],
  );
  return row?.undecided ?? 0;
}
