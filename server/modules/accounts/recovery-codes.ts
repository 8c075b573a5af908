import { randomInt } from "node:crypto";
import type { Context } from "#server/core/door/index.ts";
import { keyedToken, keyedTokens } from "./keyed-token.ts";

const howMany = 10;
/** Crockford's base32: no I, L, O, U. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Look-up secrets (NIST SP 800-63B-4 3.1.2): ten codes of 80 bits, each good once. Stored are keyed tokens, so that the
 * database alone does not let anybody test guesses. Replaces all earlier ones.
 */
export async function issueRecoveryCodes(context: Context, accountNo: number): Promise<string[]> {
  const codes = Array.from({ length: howMany }, newCode);
  const hashes = await keyedTokens(
    context,
    "recovery-code",
    codes.map((code) => hashedForm(accountNo, code)),
  );
  await context.db.query("delete from recovery_codes where account_no = $1", [accountNo]);
  await context.db.query("insert into recovery_codes (account_no, code_hash) select $1, unnest($2::bytea[])", [accountNo, hashes]);
  return codes;
}

/** Uses a code up. False when it is unknown or was used; of two callers with one code only one gets true. */
export async function useRecoveryCode(context: Context, accountNo: number, typed: string): Promise<boolean> {
  const used = await context.db.query(
    "update recovery_codes set used_at = $3 where account_no = $1 and code_hash = $2 and used_at is null returning account_no",
    [accountNo, await keyedToken(context, "recovery-code", hashedForm(accountNo, typed)), context.now],
  );
  return used.length === 1;
}

export async function countRecoveryCodes({ db }: Context, accountNo: number): Promise<number> {
  const [row] = await db.query<{ left: number }>("select count(*)::integer as left from recovery_codes where account_no = $1 and used_at is null", [accountNo]);
  return row?.left ?? 0;
}

function newCode(): string {
  const letters = Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return letters.replace(/(.{4})(?=.)/g, "$1-");
}

/** Case, spaces and hyphens do not matter, and letters that look like digits are read as these. */
function hashedForm(accountNo: number, code: string): string {
  const plain = code
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  return `${accountNo}:${plain}`;
}
