import { scanWrites, type Query } from "#server/core/ledger/index.ts";

/** Events read in one statement. */
const eventsAtOnce = 5_000;
/** A number may be taken before, and committed after, one that is higher: so much later events are read again, in seconds. */
const overlap = 3_600;

/**
 * Events that change what rights come from, by the beginning of their types: for the first look at a long ledger. Later ones
 * read every event, and a version of the policy that none speaks of is told (policy-of-then.ts).
 */
const policyTypes = [
  "policy.installed",
  "organisation.%",
  "office.%",
  "office-%",
  "account.%",
  "role.%",
  "department.%",
  "consent.%",
  "field.%",
  "fields.%",
] as const;
/** Facts that say the new state of what rights come from. */
const policyFacts = ["account", "accounts", "role", "roles", "departments"] as const;

interface Change {
  readonly event_no: string;
  readonly at: Date;
  readonly standings: [number, (number | null)?, number?][];
  readonly writes: Buffer;
}

/**
 * Takes what the ledger says of rights since the last time into `rights_changes`: complete to the last committed event.
 * Safe to run at once in several processes, and again.
 */
export async function followRights(query: Query): Promise<void> {
  const { rows } = await query.query("select settled_event from rights_changes_state");
  const settled = Number(rows[0]?.["settled_event"] ?? 0);
  await takePolicies(query, settled);
  await takeStandings(query, settled);
  await query.query(
    `update rights_changes_state set settled_event = greatest(settled_event, coalesce(
       (select max(event_no) from ledger_events where at < now() - make_interval(secs => $1) and at > now() - interval '3 days'), 0))`,
    [overlap],
  );
}

async function takePolicies(query: Query, settled: number): Promise<void> {
  const types = settled === 0 ? await typesOfPolicy(query) : null;
  await query.query(
    `insert into rights_changes (event_no, at, policy_version, facts)
     select event_no, at, (facts->>'newPolicyVersion')::integer,
            (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(facts) where key = any($2))
       from (select event_no, at, header::jsonb->'facts' as facts from ledger_events
              where event_no > $1 and ($3::text[] is null or type = any($3)) and header like '%"newPolicyVersion":%' and header::jsonb->>'outcome' = 'ok') e
      where facts ? 'newPolicyVersion'
      order by event_no
     on conflict do nothing`,
    [settled, policyFacts, types],
  );
}

/** One step in the index for each type that there is. */
async function typesOfPolicy(query: Query): Promise<string[]> {
  const { rows } = await query.query(
    `with recursive found as (
       (select type from ledger_events order by type limit 1)
       union all
       select (select e.type from ledger_events e where e.type > f.type order by e.type limit 1) from found f where f.type is not null)
     select type from found where type like any($1)`,
    [policyTypes],
  );
  return rows.map((row) => row["type"] as string);
}

async function takeStandings(query: Query, settled: number): Promise<void> {
  for (let after = settled; ;) {
    const { rows } = await query.query(
      `select event_no, at, case when is_move then header::jsonb->'facts'->'standings' end as standings, case when is_move then writes end as writes
         from (select event_no, at, header, writes, header like '%"standings":[%' as is_move from ledger_events
                where writes is not null and event_no > $1 order by event_no limit $2) e order by event_no`,
      [after, eventsAtOnce],
    );
    const moves = (rows as unknown as Change[]).filter((row) => row.writes !== null).map(packedMove);
    if (moves.length > 0) {
      await query.query(
        `insert into rights_changes (event_no, at, numbers, owners, cells)
         select * from unnest($1::bigint[], $2::timestamptz[], $3::bytea[], $4::bytea[], $5::bytea[]) on conflict do nothing`,
        [moves.map((move) => move.eventNo), moves.map((move) => move.at), ...([0, 1, 2] as const).map((at) => moves.map((move) => move.packed[at]))],
      );
    }
    if (rows.length < eventsAtOnce) return;
    after = Number(rows[rows.length - 1]?.["event_no"]);
  }
}

function packedMove(change: Change): { eventNo: string; at: Date; packed: readonly [Buffer, Buffer, Buffer] } {
  const written: number[] = [];
  scanWrites(change.writes, (kind, no) => void (kind === "customer" && written.push(no)));
  const columns: [number[], number[], number[]] = [[], [], []];
  let place = 0;
  for (const [count, ownerNo, cellNo] of change.standings) {
    if (cellNo !== undefined) {
      for (const no of written.slice(place, place + count)) {
        columns[0].push(no);
        columns[1].push(ownerNo ?? 0);
        columns[2].push(cellNo);
      }
    }
    place += count;
  }
  if (place !== written.length) throw new Error(`event ${change.event_no}: its standings do not fit its writes`);
  return { eventNo: change.event_no, at: change.at, packed: [pack(columns[0]), pack(columns[1]), pack(columns[2])] };
}

function pack(numbers: readonly number[]): Buffer {
  return Buffer.from(Int32Array.from(numbers).buffer).swap32();
}

/** Numbers out of a column of `rights_changes`. */
export function unpack(packed: Buffer): Int32Array {
  const copy = Buffer.from(packed).swap32();
  return new Int32Array(copy.buffer, copy.byteOffset, copy.length / 4);
}
