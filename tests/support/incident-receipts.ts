/** How a reply is fetched: over a wire, or from a house that listens to nobody. `address` is where it comes from. */
export type Fetch = (given: {
  readonly method: string;
  readonly url: string;
  readonly cookie: string;
  readonly address: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}) => Promise<{ readonly status: number; readonly bytes: Buffer }>;

/** What a member of staff received, by the bytes of the reply alone, and who that member was then, by what the load did itself. */
export interface Receipt {
  /** The house's time before it was asked. */
  readonly at: number;
  readonly accountNo: number;
  readonly sessionId: string;
  readonly deviceId: string;
  readonly address: string;
  readonly roles: readonly string[];
  readonly departmentNo: number;
  readonly listNo: number | null;
  readonly importNo: number | null;
  /** Indexes of the customers whose values stood in it. */
  readonly found: readonly number[];
}

export interface Clerk {
  readonly accountNo: number;
  readonly deviceId: string;
  readonly address: string;
  cookie: string;
  sessionId: string;
  roles: readonly string[];
  departmentNo: number;
}

/** Everything that the load knows by itself. Times are the house's; a moment lies between two requests. */
export interface Load {
  readonly receipts: readonly Receipt[];
  readonly clerks: readonly Clerk[];
  readonly officer: Clerk;
  readonly departments: { readonly head: number; readonly east: number; readonly west: number };
  readonly lists: readonly number[];
  readonly imports: readonly { readonly importNo: number; readonly indexes: readonly number[] }[];
  /** Moments between two requests, at even parts of the load: first, …, last. */
  readonly moments: readonly Date[];
  /** Index → number under which it was written. */
  readonly numberOf: ReadonlyMap<number, number>;
  /** Numbers that the load merged: number → the one that is kept. */
  readonly merged: ReadonlyMap<number, number>;
  readonly erased: ReadonlySet<number>;
  /** Numbers written by each of the moments, in their order. */
  readonly writtenBy: readonly ReadonlySet<number>[];
  readonly deliveries: number;
}

export interface LoadSize {
  readonly customers: number;
  readonly deliveries: number;
}
