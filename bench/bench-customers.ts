import { generateCustomers, type CustomerValues } from "#server/modules/sample/index.ts";

/** The seed of every bench, so that figures of two days speak of the same people. */
export const benchSeed = 20261121;

/**
 * How the bench's customers are spread: every fifth belongs to the department cell of the bench's 営業 account and is
 * owned by it, so that the account reads those rows in full and none of the others. The rest lie in one other cell,
 * owned by nobody.
 */
export const ownShare = 5;

export interface BenchCustomer {
  /** customer_no on both sides: ordinal + 1. */
  readonly customerNo: number;
  readonly isOwn: boolean;
  readonly values: CustomerValues;
}

/** The first `count` customers from `from`, in the order of their numbers. */
export function* benchCustomers(count: number, from = 0): Generator<BenchCustomer, void> {
  for (const { ordinal, values } of generateCustomers(benchSeed, count, from)) {
    yield { customerNo: ordinal + 1, isOwn: ordinal % ownShare === 0, values };
  }
}

/** The columns that every list of the bench asks for. */
export const benchColumns = ["fullName", "kana", "companyName", "section", "jobTitle", "mail", "phone", "mobile", "postalCode", "address"] as const;

/** What was printed with the figures: who asks, and what they see. */
export const benchAccount = `one 営業 account (role sales, scope own + department) that owns every ${ownShare}th customer, all in its department`;
