import type { Query } from "#server/core/ledger/index.ts";

/**
 * How many event numbers were given out and never used, because the transaction that drew them did not come to its end. Of
 * the numbers up to the last settled one each is in the tree or counts here; what was settled can come no more.
 */
export async function countGivenUp(query: Query): Promise<number> {
  const { rows } = await query.query(
    `select r.settled_event_no - r.first_sequence - r.event_count
            + (select count(*) from ledger_rounds o, unnest(o.event_nos) no
                where o.highest_event_no > r.settled_event_no and no > r.settled_event_no) as given_up
       from ledger_rounds r order by r.round_no desc limit 1`,
  );
  return Number(rows[0]?.["given_up"] ?? 0);
}
