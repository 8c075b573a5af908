import { type Context } from "#server/core/door/index.ts";
import type { bulkOut, BulkKind, bulkStates } from "#shared/bulk.ts";
import { Problem } from "#shared/problems.ts";
import type { z } from "zod";

/** What an operation makes of each; absent: as it was. */
export interface Goal {
  readonly ownerNo?: number | null;
  readonly cellNo?: number;
  readonly companyNo?: number | null;
  /** Keys of the fields that get a typed value. */
  readonly fields?: readonly string[];
}

/** A row of `bulk_operations`. Row-level security shows it to whoever began it and to the house alone. */
export interface OperationRow {
  readonly operation_no: number;
  readonly account_no: number;
  readonly kind: BulkKind;
  readonly state: (typeof bulkStates)[number];
  readonly failure: string | null;
  readonly request_no: number | null;
  readonly goal: Goal;
  readonly query_no: string | null;
  readonly sealed_values: Buffer | null;
  readonly persons: number;
  readonly changed: number;
  readonly stayed: number;
  readonly refused: number;
  readonly put_back: number;
  readonly left_alone: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly tidied_at: Date | null;
}

/** For so long an operation can be undone. */
export const undoDays = 30;
const dayMs = 86_400_000;

const columns = `operation_no, account_no, kind, state, failure, request_no, goal, query_no, sealed_values, persons, changed, stayed, refused, put_back,
  left_alone, created_at, started_at, finished_at, tidied_at`;

/** @throws Problem not-found: no such operation, or somebody else's */
export async function operationFor(context: Pick<Context, "db">, operationNo: number, lock: "read" | "change" = "read"): Promise<OperationRow> {
  const [row] = await context.db.query<OperationRow>(
    `select ${columns} from bulk_operations where operation_no = $1${lock === "change" ? " for update" : ""}`,
    [operationNo],
    `bulk-${lock}`,
  );
  if (row === undefined) {
    throw new Problem("not-found");
  }
  return row;
}

/** The newest operations that the caller sees. */
export function newestOperations(context: Context, most: number): Promise<OperationRow[]> {
  return context.db.query<OperationRow>(`select ${columns} from bulk_operations order by operation_no desc limit $1`, [most]);
}

export function mayUndo(row: OperationRow, now: Date): boolean {
  return (
    row.state === "done" &&
    row.changed > 0 &&
    row.tidied_at === null &&
    row.finished_at !== null &&
    now.getTime() - row.finished_at.getTime() < undoDays * dayMs
  );
}

/** An operation as whoever began it sees it. */
export async function operationOut(context: Context, row: OperationRow): Promise<z.output<typeof bulkOut>> {
  const rows = await context.db.query<{ outcome: string; count: number; some: number[] }>(
    `select outcome, count(*)::integer as count, (array_agg(customer_no order by customer_no) filter (where outcome = 'left-alone'))[1:100] as some
       from bulk_members where operation_no = $1 group by outcome`,
    [row.operation_no],
  );
  const count = (outcome: string): number => rows.find((one) => one.outcome === outcome)?.count ?? 0;
  const isUndoing = row.state === "undoing";
  const done = isUndoing ? row.put_back + row.left_alone : row.changed + row.stayed + row.refused;
  const all = isUndoing ? row.changed : row.persons;
  const seconds = row.started_at === null ? 0 : (context.now.getTime() - row.started_at.getTime()) / 1000;
  const isMoving = isUndoing || row.state === "running";
  const rate = isMoving && seconds > 0.2 && done > 0 ? done / seconds : null;
  return {
    operationNo: row.operation_no,
    kind: row.kind,
    state: row.state,
    failure: row.failure,
    requestNo: row.request_no,
    persons: row.persons,
    done,
    changed: row.changed,
    stayed: row.stayed,
    refused: {
      noRight: count("no-right"),
      wouldGain: count("would-gain"),
      otherState: count("other-state"),
      suspended: count("suspended"),
      gone: count("gone"),
    },
    putBack: row.put_back,
    leftAlone: rows.find((one) => one.outcome === "left-alone")?.some ?? [],
    leftAloneCount: row.left_alone,
    startedAt: (row.started_at ?? row.created_at).toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    perSecond: rate === null ? null : Math.round(rate),
    secondsLeft: rate === null ? null : Math.ceil(Math.max(0, all - done) / rate),
    mayUndo: mayUndo(row, context.now),
  };
}
