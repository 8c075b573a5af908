import { rowHash, type HashedRow } from "#server/core/door/index.ts";
import { latestRowHashes, type Query, type RowHashes } from "#server/core/ledger/index.ts";
import { hashedActivities, listHashedActivities, type HashedActivity } from "#server/modules/activities/index.ts";
import { listHashedApprovals } from "#server/modules/approvals/index.ts";
import { hashedKinds, listHashedRows, type HashedKind } from "#server/modules/customers/index.ts";
import { hashedRequests, listHashedRequests, type HashedRequest } from "#server/modules/requests/index.ts";

export interface SweepFinding {
  readonly what: string;
  /** Kind and number: "customer 12". */
  readonly subject: string;
}

export interface Sweep {
  readonly rows: number;
  /** The first 1,000. */
  readonly findings: readonly SweepFinding[];
}

export type SweptKind = HashedKind | HashedActivity | HashedRequest | "approval";
export type ListRows = (query: Query, afterNo: number, limit: number) => Promise<HashedRow[]>;

/** Every kind of rows that carry their hash in the ledger, and how they are read. */
export const swept: readonly (readonly [SweptKind, ListRows])[] = [
  ...hashedKinds.map((kind) => [kind, (query, after, limit) => listHashedRows(query, kind, after, limit)] as const satisfies readonly [SweptKind, ListRows]),
  ...hashedActivities.map(
    (kind) => [kind, (query, after, limit) => listHashedActivities(query, kind, after, limit)] as const satisfies readonly [SweptKind, ListRows],
  ),
  ...hashedRequests.map(
    (kind) => [kind, (query, after, limit) => listHashedRequests(query, kind, after, limit)] as const satisfies readonly [SweptKind, ListRows],
  ),
  ["approval", listHashedApprovals],
];

const rowsAtOnce = 500;
const mostFindings = 1_000;
/** Changed rows that are kept to find out whether they changed places; each pair of them is compared. */
const mostCompared = 200;

/**
 * Compares every row of customers, companies, notes, purchases, requests, consents, erasures and approvals with the hash that the ledger holds of its last write (product.md K9): finds
 * rows changed, added or removed around the product, and rows whose contents changed places. `query` sees rows and ledger at
 * one moment. Memory: 90 bytes a row, whatever the rows hold.
 */
export async function sweepRows(query: Query, signal?: AbortSignal): Promise<Sweep> {
  const hashes = await latestRowHashes(query);
  const findings: SweepFinding[] = [];
  let rows = 0;
  for (const [kind, listRows] of swept) {
    const find = (what: string, no: number): void => {
      if (findings.length < mostFindings) {
        findings.push({ what, subject: `${kind} ${no}` });
      }
    };
    const changed: HashedRow[] = [];
    const met = new Uint8Array((highest(hashes, kind) >>> 3) + 1);
    let after = 0;
    for (;;) {
      signal?.throwIfAborted();
      const page = await listRows(query, after, rowsAtOnce);
      for (const row of page) {
        const known = hashes.get(kind, row.no);
        if (known === undefined) {
          find("row was added around the product", row.no);
        } else if (known === null) {
          find("row stands again although it was removed", row.no);
        } else {
          met[row.no >>> 3] = (met[row.no >>> 3] as number) | (1 << (row.no & 7));
          if (!known.equals(rowHash(row))) {
            if (changed.length < mostCompared) {
              changed.push(row);
            } else {
              find("row was changed around the product", row.no);
            }
          }
        }
      }
      rows += page.length;
      after = page.at(-1)?.no ?? after;
      if (page.length < rowsAtOnce) {
        break;
      }
    }
    for (const row of changed) {
      find(holdsAnothers(row, changed, hashes) ? "row holds what belongs to another row" : "row was changed around the product", row.no);
    }
    const isMet = (no: number): boolean => ((met[no >>> 3] as number) & (1 << (no & 7))) !== 0;
    for (const no of missing(hashes, kind, isMet)) {
      find("row was removed around the product", no);
    }
  }
  return { rows, findings };
}

function highest(hashes: RowHashes, kind: SweptKind): number {
  let most = 0;
  for (const no of hashes.present(kind)) {
    most = Math.max(most, no);
  }
  return most;
}

function missing(hashes: RowHashes, kind: SweptKind, isMet: (no: number) => boolean): number[] {
  const found: number[] = [];
  for (const no of hashes.present(kind)) {
    if (!isMet(no) && found.length < mostFindings) {
      found.push(no);
    }
  }
  return found.toSorted((a, b) => a - b);
}

/** Whether the row's contents, with or without its clear facts, are those of another changed row. */
function holdsAnothers(row: HashedRow, changed: readonly HashedRow[], hashes: RowHashes): boolean {
  return changed.some((other) => {
    const known = other.no === row.no ? undefined : hashes.get(other.kind as "customer", other.no);
    return known !== undefined && known !== null && (known.equals(rowHash({ ...other, blobs: row.blobs })) || known.equals(rowHash({ ...row, no: other.no })));
  });
}
