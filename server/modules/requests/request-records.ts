import { SealedText, sealText, type Context, type Handle, type SealedRecord } from "#server/core/door/index.ts";
import type { identityChecks, PersonRequest, RequestKind, requestChannels, requestDecisions, requestStates } from "#shared/person-requests.ts";

/** The field that decides who reads what was written about a request (shared/fields.ts). */
const textField = "personRequest";

export interface RequestRow {
  readonly request_no: number;
  readonly customer_no: number;
  readonly kind: RequestKind;
  readonly state: (typeof requestStates)[number];
  readonly version: number;
  readonly received_on: string;
  readonly due_on: string;
  readonly channel: (typeof requestChannels)[number];
  readonly identity_check: (typeof identityChecks)[number];
  readonly recorded_by: number;
  readonly recorded_at: Date;
  readonly decision: (typeof requestDecisions)[number] | null;
  readonly decided_by: number | null;
  readonly decided_at: Date | null;
  readonly answered_by: number | null;
  readonly answered_at: Date | null;
  readonly sealed_text: Buffer | null;
  readonly sealed_answer: Buffer | null;
}

export const requestColumns =
  "request_no, customer_no, kind, state, version, received_on, due_on, channel, identity_check, recorded_by, recorded_at, decision, decided_by, decided_at, answered_by, answered_at, sealed_text, sealed_answer";

/** A request without its texts and without a name. */
export function requestFacts(context: Context, row: RequestRow, held: ReadonlySet<number>): Omit<PersonRequest, "fullName"> {
  return {
    requestNo: row.request_no,
    customerNo: row.customer_no,
    kind: row.kind,
    state: row.state,
    version: row.version,
    receivedOn: row.received_on,
    dueOn: row.due_on,
    channel: row.channel,
    identityCheck: row.identity_check,
    recordedBy: row.recorded_by,
    decision: row.decision,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    answeredBy: row.answered_by,
    answeredAt: row.answered_at?.toISOString() ?? null,
    isHeld: held.has(row.customer_no),
    isErased: context.door.vault.isErased({ kind: "customer", no: row.customer_no }),
  };
}

/** What was written about a request, for whoever may read the field of that person. */
export function requestText(record: SealedRecord, blob: Buffer | null): Handle {
  return blob === null ? null : new SealedText({ kind: "customer", no: record.no }, blob, textField, { record, field: textField });
}

/** Seals what was typed about a person; null for nothing, and for somebody who was erased. */
export function sealRequestText(context: Context, customerNo: number, text: string): Buffer | null {
  const subject = { kind: "customer", no: customerNo } as const;
  return text === "" || context.door.vault.isErased(subject) ? null : sealText(context.door.vault, subject, "personal", 1, { [textField]: text });
}

/** What was asked under any of a person's numbers, newest first. */
export async function requestsOf(context: Context, customerNos: readonly number[]): Promise<RequestRow[]> {
  return context.db.query<RequestRow>(`select ${requestColumns} from person_requests where customer_no = any($1) order by request_no desc`, [customerNos]);
}
