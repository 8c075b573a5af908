import { rightsOf, type Policy } from "#server/core/access/policy.ts";
import type { Query } from "#server/core/ledger/index.ts";
import { placesNow, rightsWith } from "#server/modules/reviews/index.ts";
import type { ReachKind } from "#shared/reach.ts";
import { indexPlaces, weighReach, type Weight } from "./weigh-reach.ts";

/** For so long what a device was shown is counted, and so long it is known after it was last there. */
export const lookBackMs = 90 * 86_400_000;

export interface ReachNow extends Weight {
  readonly key: string;
  readonly accountNos: readonly number[];
  readonly sessions: number;
  readonly device: { readonly name: string | null; readonly lastAt: Date } | null;
}

interface SessionRow {
  readonly account_no: number;
  readonly session_id: string;
}
interface DeviceRow extends SessionRow {
  readonly device_id: string;
  readonly at: Date;
  readonly name: string | null;
}

/** Everything of one kind that could be stolen now, largest first. */
export async function reachNow(query: Query, policy: Policy, kind: ReachKind, now: Date): Promise<{ figures: ReachNow[]; customers: number }> {
  const index = indexPlaces(await placesNow(query));
  const open = await openSessions(query, now);
  const { rows: active } = await query.query("select account_no from accounts where state = 'active' order by account_no");
  const accountNos = active.map((row) => row["account_no"] as number);
  const isActive = new Set(accountNos);
  const openOf = new Map<number, number>();
  for (const { account_no: no } of open) openOf.set(no, (openOf.get(no) ?? 0) + 1);
  const sessionsOf = (nos: readonly number[]): number => nos.reduce((sum, no) => sum + (openOf.get(no) ?? 0), 0);
  const figures: ReachNow[] = [];
  switch (kind) {
    case "account":
      for (const no of accountNos) {
        figures.push({ key: String(no), accountNos: [no], sessions: sessionsOf([no]), device: null, ...weighReach(index, [rightsOf(policy, no)]) });
      }
      break;
    case "role":
      for (const key of policy.roles.keys()) {
        const holders = accountNos.filter((no) => policy.rolesOf.get(no)?.includes(key) === true);
        const through = holders.map((no) => rightsWith(policy, no, [key]));
        figures.push({ key, accountNos: holders, sessions: sessionsOf(holders), device: null, ...weighReach(index, through) });
      }
      break;
    case "device": {
      const isOpen = new Set(open.map((one) => one.session_id));
      for (const [key, uses] of await devicesSince(query, new Date(now.getTime() - lookBackMs))) {
        const signedIn = uses.filter((use) => isOpen.has(use.session_id));
        const through = [...new Set(signedIn.map((use) => use.account_no))].filter((no) => isActive.has(no)).map((no) => rightsOf(policy, no));
        const [last] = uses as [DeviceRow, ...DeviceRow[]];
        figures.push({
          key,
          accountNos: [...new Set(uses.map((use) => use.account_no))].toSorted((a, b) => a - b),
          sessions: signedIn.length,
          device: { name: last.name, lastAt: last.at },
          ...weighReach(index, through),
        });
      }
      break;
    }
  }
  return { figures: figures.toSorted((a, b) => b.people - a.people || unmaskedIn(b) - unmaskedIn(a) || b.sessions - a.sessions), customers: index.all };
}

/** Of those who reach the same people, whoever sees more of them stands first. */
const unmaskedIn = ({ classes }: Weight): number => classes.reduce((sum, one) => sum + one.full, 0);

/** Sessions that would be let in now. */
async function openSessions(query: Query, now: Date): Promise<SessionRow[]> {
  const { rows } = await query.query(
    `select account_no, session_id::text as session_id from sessions
      where revoked_at is null and expires_at > $1 and last_seen_at + make_interval(secs => idle_seconds) > $1`,
    [now],
  );
  return rows as unknown as SessionRow[];
}

/** Devices on which somebody signed in since a time, with each sign-in, newest first. */
async function devicesSince(query: Query, since: Date): Promise<Map<string, DeviceRow[]>> {
  const { rows } = await query.query(
    `select e.account_no, e.session_id::text as session_id, e.at, e.header::jsonb->>'deviceId' as device_id, s.device as name
       from ledger_events e left join sessions s on s.session_id = e.session_id
      where e.type = 'session.started' and e.at >= $1 and e.account_no is not null and e.header like '%"deviceId":%' order by e.event_no desc`,
    [since],
  );
  const byDevice = new Map<string, DeviceRow[]>();
  for (const row of rows as unknown as DeviceRow[]) {
    const known = byDevice.get(row.device_id);
    if (known === undefined) byDevice.set(row.device_id, [row]);
    else known.push(row);
  }
  return byDevice;
}
