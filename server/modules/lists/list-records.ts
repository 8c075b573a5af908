import { SealedText, type Context, type Handle } from "#server/core/door/index.ts";
import type { listDestinations, listStates } from "#shared/lists.ts";
import { Problem } from "#shared/problems.ts";
import { dayInTokyo } from "./days.ts";

export interface ListRow {
  readonly list_no: number;
  readonly owner_no: number;
  readonly state: Exclude<(typeof listStates)[number], "ended" | "withdrawn">;
  readonly purpose: string;
  readonly destination: (typeof listDestinations)[number];
  readonly fields: string[];
  readonly sensitive: boolean;
  readonly persons: number;
  readonly erased: number;
  readonly request_no: number | null;
  readonly query_no: number;
  readonly sealed_words: Buffer;
  readonly sealed_password: Buffer;
  readonly made_at: Date;
  /** `YYYY-MM-DD`, a day in Japan. */
  readonly ends_on: string;
  readonly disposed_at: Date | null;
  /** Made before the exports were held and all lists withdrawn (応急措置). */
  readonly is_withdrawn: boolean;
}

export const listColumns =
  "list_no, owner_no, state, purpose, destination, fields, sensitive, persons, erased, request_no, query_no, sealed_words, sealed_password, made_at, ends_on, disposed_at, made_at <= (select lists_withdrawn_at from organisation) as is_withdrawn";

/** The state as it is at an instant: a list ends with its last day, by itself. */
export function stateAt(row: Pick<ListRow, "state" | "ends_on" | "is_withdrawn">, now: Date): (typeof listStates)[number] {
  if (row.state !== "ready") {
    return row.state;
  }
  return row.ends_on < dayInTokyo(now) ? "ended" : row.is_withdrawn ? "withdrawn" : "ready";
}

/** Name and handler: for the owner and for whoever judges requests. The password: for the owner alone. */
export function textOfList(row: ListRow, label: "name" | "handler" | "password"): Handle {
  const subject = { kind: "query", no: row.query_no } as const;
  return label === "password"
    ? new SealedText(subject, row.sealed_password, label, { authorNo: row.owner_no })
    : new SealedText(subject, row.sealed_words, label, { authorNo: row.owner_no, orVerb: "approve" });
}

/**
 * One's own list. `lock` holds it until the end of the transaction.
 * @throws Problem not-found: no such list, or a colleague's
 */
export async function ownList(context: Context, listNo: number, lock: "read" | "change" = "read"): Promise<ListRow> {
  const [row] = await context.db.query<ListRow>(
    `select ${listColumns} from lists where list_no = $1 and owner_no = $2${lock === "change" ? " for update" : ""}`,
    [listNo, context.actor.accountNo],
  );
  if (row === undefined) {
    throw new Problem("not-found");
  }
  return row;
}

/** @throws Problem list-closed {state}; awaits-approval */
export function demandReady(row: ListRow, now: Date): void {
  const state = stateAt(row, now);
  if (state === "waiting") {
    throw new Problem("awaits-approval");
  }
  if (state !== "ready") {
    throw new Problem("list-closed", { state });
  }
}

/** What the event of any act on a list says. */
export function noteList(context: Context, row: Pick<ListRow, "list_no" | "persons" | "fields">): void {
  context.journal.fact("listNo", row.list_no);
  context.journal.fact("persons", row.persons);
  context.journal.fact("fields", row.fields);
}
