import type { Context } from "#server/core/door/index.ts";
import type { ApprovalKindName } from "#shared/approvals.ts";

/** A fact of a request: a code, a number, or some of them. Never a personal value: it stands clear in the database. */
export type ApprovalCode = string | number | boolean | readonly (string | number)[];

/** What a request is judged by. */
export interface ApprovalFacts {
  /** How many persons it concerns. */
  readonly persons: number;
  /** Whom it concerns, at most 10,000. */
  readonly customerNos?: readonly number[];
  /** Keys of the fields that it concerns. */
  readonly fields?: readonly string[];
  /** Whether a field of the class `sensitive` is among them. */
  readonly sensitive?: boolean;
  /** Code of where it goes: `inside`, `handler`. */
  readonly destination?: string;
  readonly [key: string]: ApprovalCode | undefined;
}

export interface ApprovalRequest {
  readonly requestNo: number;
  readonly kind: ApprovalKindName;
  readonly askedBy: number;
  readonly facts: ApprovalFacts;
  readonly expiresAt: Date;
}

/** What a module asks a second person for, and what becomes of it. */
export interface ApprovalKind {
  readonly kind: ApprovalKindName;
  /** Whether it is carried out while nothing else is changed (応急措置). */
  readonly isForMeasures?: boolean;
  /**
   * Throws a Problem when the decider may not judge it (does not see all of its customers). Called before both decisions,
   * and when requests are listed: a request that one may not judge is not among those that wait for one.
   */
  readonly check?: (context: Context, request: ApprovalRequest) => Promise<void>;
  /** Carries it out in the decision's own transaction. */
  readonly approved: (context: Context, request: ApprovalRequest) => Promise<void>;
  /** It came to nothing: refused, withdrawn or expired (then the actor is the house itself). */
  readonly refused?: (context: Context, request: ApprovalRequest) => Promise<void>;
}
