import { isVisible, unrelated } from "#server/core/access/compile.ts";
import { sealed, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { readForMerge } from "#server/modules/customers/index.ts";
import type { companyMerges as companyEndpoint, countPairs as countEndpoint, listPairs as endpoint, LikenessCode, MergeKind } from "#shared/duplicates.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { visibleReasons } from "./visible-reasons.ts";

/** Pairs looked at for one list, and for the mark in the list of customers. */
const mostPairs = 2_000;
const mostMarked = 10_000;

interface PairRow {
  first_no: number;
  second_no: number;
  reasons: string[];
  owner_a: number | null;
  cell_a: number | null;
  owner_b: number | null;
  cell_b: number | null;
}

export interface VisiblePair {
  readonly first: number;
  readonly second: number;
  readonly score: number;
  readonly reasons: LikenessCode[];
}

const select: Readonly<Record<MergeKind, string>> = {
  customer: `select p.first_no, p.second_no, p.reasons, a.owner_no as owner_a, a.cell_no as cell_a, b.owner_no as owner_b, b.cell_no as cell_b
    from duplicate_pairs p join customers a on a.customer_no = p.first_no and a.state = 'active' join customers b on b.customer_no = p.second_no and b.state = 'active'
   where p.kind = 'customer'`,
  company: `select p.first_no, p.second_no, p.reasons, null::integer as owner_a, null::integer as cell_a, null::integer as owner_b, null::integer as cell_b
    from duplicate_pairs p join companies a on a.company_no = p.first_no and a.state = 'active' join companies b on b.company_no = p.second_no and b.state = 'active'
   where p.kind = 'company'`,
};

/** How many rows that the caller sees wait to be compared: how much others are writing is not told. */
const queued: Readonly<Record<MergeKind, string>> = {
  customer: "select count(*)::integer as waiting from duplicate_queue q join customers c on c.customer_no = q.no where q.kind = 'customer'",
  company: "select count(*)::integer as waiting from duplicate_queue q join companies c on c.company_no = q.no where q.kind = 'company'",
};

/** Pairs of which the caller sees both sides, with as much of the reasons as the caller may know, the most alike first. */
export async function visiblePairs(context: Context, kind: MergeKind, state: string, onlyNo: number | null, most = mostPairs): Promise<VisiblePair[]> {
  if (kind === "company" && !isVisible(context.actor.rights, "company", unrelated)) {
    throw new Problem("not-permitted");
  }
  const rows = await context.db.query<PairRow>(
    `${select[kind]} and p.state = $1 and ($2::integer is null or p.first_no = $2 or p.second_no = $2) order by p.score desc, p.first_no, p.second_no limit $3`,
    [state, onlyNo, most],
  );
  return rows
    .flatMap((row) => {
      const sides = [
        { ownerNo: row.owner_a, cellNo: row.cell_a },
        { ownerNo: row.owner_b, cellNo: row.cell_b },
      ];
      const told = visibleReasons(context, kind, sides, row.reasons);
      return told === null ? [] : [{ first: row.first_no, second: row.second_no, ...told }];
    })
    .toSorted((a, b) => b.score - a.score || a.first - b.first || a.second - b.second);
}

/** The customers that the caller may be told to be in an open pair, by the likeliest 10,000 pairs. */
export async function alikeNumbers(context: Context): Promise<number[]> {
  const pairs = await visiblePairs(context, "customer", "open", null, mostMarked);
  return [...new Set(pairs.flatMap(({ first, second }) => [first, second]))];
}

export async function listPairs(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { kind, state, offset, limit } = input.body;
  const all = await visiblePairs(context, kind, state, null);
  const page = all.slice(offset, offset + limit);
  const rows = await readForMerge(context, kind, [...new Set(page.flatMap(({ first, second }) => [first, second]))]);
  const records = new Map(rows.map((row) => [row.no, row.record]));
  const [queue] = await context.db.query<{ waiting: number }>(queued[kind]);
  const [name, detail] = kind === "customer" ? ["fullName", "companyName"] : ["companyName", "address"];
  return {
    total: all.length,
    waiting: queue?.waiting ?? 0,
    pairs: page.flatMap(({ first, second, score, reasons }) => {
      const [a, b] = [records.get(first), records.get(second)];
      if (a === undefined || b === undefined) {
        return [];
      }
      const side = (record: typeof a) => ({
        no: record.no,
        ownerNo: record.ownerNo,
        name: sealed(record, name as string),
        detail: sealed(record, detail as string),
      });
      return [{ score, reasons, first: side(a), second: side(b) }];
    }),
  };
}

/** The open pairs of one customer, and the merges into it that stand. */
export async function countPairs(context: Context, input: Input<typeof countEndpoint>): Promise<Draft<ReplyOf<typeof countEndpoint>>> {
  const { customerNo } = input.params;
  const pairs = await visiblePairs(context, "customer", "open", customerNo);
  return {
    open: pairs.map(({ first, second, score, reasons }) => ({ otherNo: first === customerNo ? second : first, score, reasons })),
    merges: await mergesInto(context, "customer", customerNo),
  };
}

/** The merges of one company that stand: into it, and the one by which it went into another. */
export async function companyMerges(context: Context, input: Input<typeof companyEndpoint>): Promise<Draft<ReplyOf<typeof companyEndpoint>>> {
  const { companyNo } = input.params;
  const [gone] = await context.db.query<{ merge_no: number; merged_at: Date }>(
    `select m.merge_no, m.merged_at from merges m join merge_losers l using (merge_no)
      where m.kind = 'company' and l.loser_no = $1 and m.undone_at is null order by m.merge_no desc limit 1`,
    [companyNo],
  );
  return {
    merges: await mergesInto(context, "company", companyNo),
    goneBy: gone === undefined ? null : { mergeNo: gone.merge_no, at: gone.merged_at.toISOString() },
  };
}

async function mergesInto(context: Context, kind: MergeKind, no: number): Promise<{ mergeNo: number; at: string; loserNos: number[] }[]> {
  const rows = await context.db.query<{ merge_no: number; merged_at: Date; losers: number[] }>(
    `select m.merge_no, m.merged_at, array_agg(l.loser_no order by l.loser_no) as losers from merges m join merge_losers l using (merge_no)
      where m.kind = $1 and m.winner_no = $2 and m.undone_at is null group by m.merge_no order by m.merge_no desc limit 20`,
    [kind, no],
  );
  return rows.map((row) => ({ mergeNo: row.merge_no, at: row.merged_at.toISOString(), loserNos: row.losers }));
}
