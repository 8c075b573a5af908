import { rowHash, sealText, SealedRecord, SealedText, type Context, type Handle } from "#server/core/door/index.ts";
import type { accountStates } from "#shared/accounts.ts";
import type { HandedTo } from "./invitations.ts";

export type AccountState = (typeof accountStates)[number];

export interface AccountRow {
  readonly account_no: number;
  readonly state: AccountState;
  readonly department_no: number | null;
  readonly version: number;
  readonly sealed_internal: Buffer;
  readonly password_hash: string | null;
  readonly totp_sealed: Buffer | null;
  /** Who was handed the token with which these factors were enrolled; null where there are none or nobody knows any more. */
  readonly factors_handed_to: HandedTo | "product" | null;
  readonly mail_token: Buffer;
  readonly last_seen_at: Date | null;
}

export const accountColumns =
  "account_no, state, department_no, version, sealed_internal, password_hash, totp_sealed, factors_handed_to, mail_token, last_seen_at";

/** A member of staff as the door opens one. A row's owner is the member. */
export function accountRecord(row: Pick<AccountRow, "account_no" | "version" | "sealed_internal">): SealedRecord {
  return new SealedRecord({
    kind: "account",
    no: row.account_no,
    ownerNo: row.account_no,
    cellNo: null,
    version: row.version,
    blobs: [null, row.sealed_internal, null, null],
  });
}

/** Records by account number, for showing who owns or did something. Unknown numbers are absent. */
export async function accountRecords(db: Context["db"], accountNos: readonly number[]): Promise<Map<number, SealedRecord>> {
  const rows = await db.query<Pick<AccountRow, "account_no" | "version" | "sealed_internal">>(
    "select account_no, version, sealed_internal from accounts where account_no = any($1)",
    [[...new Set(accountNos)]],
  );
  return new Map(rows.map((row) => [row.account_no, accountRecord(row)]));
}

/** One's own name or mail: everybody may see these, whatever their roles say about members of staff. */
export function ownValue(row: Pick<AccountRow, "account_no" | "sealed_internal">, label: "staffName" | "staffMail"): Handle {
  return new SealedText({ kind: "account", no: row.account_no }, row.sealed_internal, label, { authorNo: row.account_no });
}

/** Name and mail sealed for one version of the row. */
export function sealStaff(context: Context, accountNo: number, version: number, staff: { name: string; mail: string }): Buffer {
  return sealText(context.door.vault, { kind: "account", no: accountNo }, "internal", version, {
    staffName: staff.name,
    staffMail: staff.mail,
  });
}

/**
 * What stands in the ledger for the row of an account (product.md K9): its state, the sealed name and mail, the two factors
 * and through whose hands they came, so that a password or second factor swapped around the product is found.
 */
export function accountRowHash(row: AccountRow): Buffer {
  return rowHash({
    kind: "account",
    no: row.account_no,
    version: row.version,
    state: row.state,
    ownerNo: row.account_no,
    cellNo: null,
    companyNo: null,
    blobs: [
      null,
      row.sealed_internal,
      null,
      null,
      row.password_hash === null ? null : Buffer.from(row.password_hash),
      row.totp_sealed,
      ...(row.factors_handed_to === null ? [] : [Buffer.from(row.factors_handed_to)]),
    ],
  });
}

/** Reads the row as it stands now in the transaction and notes it as written. */
export async function noteAccountWritten(context: Context, accountNo: number): Promise<AccountRow> {
  const [row] = await context.db.query<AccountRow>(`select ${accountColumns} from accounts where account_no = $1`, [accountNo]);
  if (row === undefined) throw new Error("an account was written that does not exist");
  context.journal.wrote("account", accountNo, accountRowHash(row));
  return row;
}
