import { hashedFacts, queryOver, rowHash, type Context, type HashedRow } from "#server/core/door/index.ts";
import type { Query } from "#server/core/ledger/index.ts";
import { erasureColumns, type StoredErasure } from "./erasure-records.ts";
import { requestColumns, type RequestRow } from "./request-records.ts";

/** Kinds of this module whose rows carry their hash in the ledger. */
export const hashedRequests = ["person-request", "person-consent", "erasure"] as const;
export type HashedRequest = (typeof hashedRequests)[number];

interface HashedConsent {
  readonly consent_no: number;
  readonly customer_no: number;
  readonly purpose_no: number;
  readonly stance: string;
  readonly how: string;
  readonly recorded_by: number | null;
  readonly recorded_at: Date;
  readonly withdrawn_at: Date | null;
  readonly withdrawn_by: number | null;
}

/** The next rows of a kind in the order of their numbers, in every state, as they are hashed into the ledger. Nothing is opened. */
export async function listHashedRequests(query: Query, kind: HashedRequest, afterNo: number, limit: number): Promise<HashedRow[]> {
  const read = async <Row>(text: string): Promise<Row[]> => (await query.query(text, [afterNo, limit])).rows as unknown as Row[];
  switch (kind) {
    case "person-request":
      return (await read<RequestRow>(`select ${requestColumns} from person_requests where request_no > $1 order by request_no limit $2`)).map(hashedRequest);
    case "person-consent":
      return (
        await read<HashedConsent>(
          `select consent_no, customer_no, purpose_no, stance, how, recorded_by, recorded_at, withdrawn_at, withdrawn_by
             from customer_consents where consent_no > $1 order by consent_no limit $2`,
        )
      ).map(hashedConsent);
    case "erasure":
      return (
        await read<StoredErasure & { customer_nos: number[] }>(
          `select ${erasureColumns}, array(select m.customer_no from erasure_members m where m.erasure_no = e.erasure_no order by 1) as customer_nos
             from erasures e where e.erasure_no > $1 order by e.erasure_no limit $2`,
        )
      ).map(hashedErasure);
  }
}

/** Reads the row as it stands now in the transaction and notes it as written. */
export async function noteRequestWritten(context: Context, kind: HashedRequest, no: number): Promise<void> {
  const [row] = await listHashedRequests(queryOver(context.db), kind, no - 1, 1);
  if (row?.no !== no) {
    throw new Error("a row was written that does not exist");
  }
  context.journal.wrote(kind, no, rowHash(row));
}

const nowhere = { cellNo: null, companyNo: null } as const;

function hashedRequest(row: RequestRow): HashedRow {
  const { request_no: no, version, state, recorded_by: ownerNo, sealed_text: text, sealed_answer: answer, ...facts } = row;
  return { kind: "person-request", no, version, state, ownerNo, ...nowhere, blobs: [hashedFacts({ ...facts }), text, answer] };
}

function hashedConsent(row: HashedConsent): HashedRow {
  const { consent_no: no, recorded_by: ownerNo, ...facts } = row;
  const version = row.withdrawn_at === null ? 1 : 2;
  return { kind: "person-consent", no, version, state: row.stance, ownerNo, ...nowhere, blobs: [hashedFacts({ ...facts })] };
}

/** How far it has come with each person stands in the events of each; here stands whom it names. */
function hashedErasure(row: StoredErasure & { readonly customer_nos: readonly number[] }): HashedRow {
  const { erasure_no: no, state, asked_by: ownerNo, ...facts } = row;
  return { kind: "erasure", no, version: 1, state, ownerNo, ...nowhere, blobs: [hashedFacts({ ...facts })] };
}
