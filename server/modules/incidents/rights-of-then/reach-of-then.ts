import { canRead, levelOf, relationOf, type Rights } from "#server/core/access/compile.ts";
import type { Context } from "#server/core/door/index.ts";
import { policiesBetween, rightsOfThen, unpackNumbers as unpack, type PoliciesOfThen } from "#server/modules/accounts/index.ts";
import { fieldClasses, type FieldClass } from "#shared/rights.ts";

/** Who was within reach of accounts over a time: rows that stood there and of which some class was readable. */
export interface ReachOfThen {
  /** Customer numbers, ascending, with merged ones and those in the trash; never one that was gone before. */
  readonly nos: Uint32Array;
  /** Of each of `nos` the classes that were readable: bit 0 open … bit 3 sensitive. */
  readonly classes: Uint8Array;
  /** How many of them, by class. */
  readonly byClass: Readonly<Record<FieldClass, number>>;
  /** What the ledger did not say in those days and was taken as first known. */
  readonly assumed: PoliciesOfThen["assumed"] & { readonly standingsBefore: Date | null };
}

interface MoveRow {
  readonly event_no: string;
  readonly at: Date;
  readonly numbers: Buffer;
  readonly owners: Buffer;
  readonly cells: Buffer;
}

/** The rights of the accounts, from a time on until those of the next. */
interface Term {
  readonly since: number;
  readonly rights: readonly Rights[];
}

/**
 * Whom the accounts could read at any moment from `from` to `to`, both inclusive, by the rights and the standings of then. Write transactions only:
 * it takes in what is new in the ledger.
 */
export async function reachOfThen(context: Pick<Context, "db">, accountNos: readonly number[], from: Date, to: Date): Promise<ReachOfThen> {
  const { policies, assumed } = await policiesBetween(context, from, to);
  const terms = policies.map((policy): Term => ({
    since: policy.since?.getTime() ?? Number.NEGATIVE_INFINITY,
    rights: accountNos.map((accountNo) => rightsOfThen(policy, accountNo)),
  }));
  // A customer's moves are in the order of their numbers: each waited for the one before it.
  const moves = await context.db.query<MoveRow>(
    "select event_no, at, numbers, owners, cells from rights_changes where numbers is not null and (event_no = 0 or at <= $1) order by event_no",
    [to],
  );
  const first = moves[0];
  const isAssumed = first?.event_no === "0" && first.numbers.length > 0 && first.at > from;
  return { ...sweep(moves, distinctTerms(terms), from.getTime()), assumed: { ...assumed, standingsBefore: isAssumed ? first.at : null } };
}

/** Changes of policy that touched nothing of these accounts' rights begin no term. */
function distinctTerms(terms: readonly Term[]): Term[] {
  const signOf = ({ rights }: Term): string => rights.map(({ table, cells }) => `${table.join()}:${[...cells].join()}`).join(";");
  return terms.filter((term, at) => at === 0 || signOf(term) !== signOf(terms[at - 1] as Term));
}

function sweep(moves: readonly MoveRow[], terms: readonly Term[], from: number): Pick<ReachOfThen, "nos" | "classes" | "byClass"> {
  const seenIn = classesIn(terms);
  let most = 0;
  const unpacked = moves.map((move) => {
    const numbers = unpack(move.numbers);
    most = Math.max(most, numbers[numbers.length - 1] ?? 0);
    return { at: move.event_no === "0" ? Number.NEGATIVE_INFINITY : move.at.getTime(), numbers, owners: unpack(move.owners), cells: unpack(move.cells) };
  });
  const owners = new Int32Array(most + 1);
  const cells = new Int32Array(most + 1);
  const since = new Float64Array(most + 1);
  const classes = new Uint8Array(most + 1);
  const settle = (no: number, until: number): void => {
    // Where it stood before the time asked for shows nobody to anybody; cell 0 is nowhere.
    if (cells[no] !== 0 && until >= from) classes[no]! |= seenIn(owners[no]!, cells[no]!, Math.max(from, since[no]!), until);
  };
  for (const move of unpacked) {
    for (let at = 0; at < move.numbers.length; at += 1) {
      const no = move.numbers[at]!;
      settle(no, move.at);
      owners[no] = move.owners[at]!;
      cells[no] = move.cells[at]!;
      since[no] = move.at;
    }
  }
  let count = 0;
  for (let no = 0; no <= most; no += 1) {
    settle(no, Number.POSITIVE_INFINITY);
    if (classes[no] !== 0) count += 1;
  }
  const nos = new Uint32Array(count);
  const kept = new Uint8Array(count);
  const byClass: Record<FieldClass, number> = { open: 0, internal: 0, personal: 0, sensitive: 0 };
  for (let no = 0, at = 0; no <= most; no += 1) {
    if (classes[no] === 0) continue;
    nos[at] = no;
    kept[at] = classes[no]!;
    fieldClasses.forEach((fieldClass, bit) => void (byClass[fieldClass] += (kept[at]! >> bit) & 1));
    at += 1;
  }
  return { nos, classes: kept, byClass };
}

/** Bits of the classes that some of the accounts read of a row with this owner in this cell, at some moment from one time to another. */
function classesIn(terms: readonly Term[]): (ownerNo: number, cellNo: number, from: number, until: number) => number {
  // By term and cell, the bits by owner: small whole numbers are found without a hash of a large one.
  const known = terms.map((): (number | undefined)[][] => []);
  return (ownerNo, cellNo, from, until) => {
    let bits = 0;
    for (let at = 0; at < terms.length; at += 1) {
      const ends = terms[at + 1]?.since ?? Number.POSITIVE_INFINITY;
      if (ends < from || terms[at]!.since > until) continue;
      const byOwner = (known[at]![cellNo] ??= []);
      bits |= byOwner[ownerNo] ??= bitsOf(terms[at]!.rights, { ownerNo: ownerNo === 0 ? null : ownerNo, cellNo });
    }
    return bits;
  };
}

function bitsOf(rights: readonly Rights[], standing: { ownerNo: number | null; cellNo: number }): number {
  let bits = 0;
  for (const one of rights) {
    const relation = relationOf(one, standing);
    fieldClasses.forEach((fieldClass, bit) => {
      if (canRead(levelOf(one, "customer", relation, fieldClass))) bits |= 1 << bit;
    });
  }
  return bits;
}
