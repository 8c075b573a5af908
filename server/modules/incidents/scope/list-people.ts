import type { Policy } from "#server/core/access/policy.ts";
import type { Context, Draft, Handle, Input } from "#server/core/door/index.ts";
import { nameRecords } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { listScopePeople as endpoint, ScopePerson } from "#shared/incident-scope.ts";
import { textOfIncident } from "../case/seal-incident-text.ts";
import { movesOf, scopeFor, standingIn, tiersOfScope, type Standing } from "./scope-records.ts";
import { isFull, personIn, waysOf, type TierPerson, type Tiers } from "./tiers.ts";

type Person = Draft<ScopePerson>;

/**
 * People of a tier by number, with names as the caller's rights show them. Who is erased or beyond the caller's scope stands there by
 * number alone. @throws Problem not-found
 */
export async function listScopePeople(context: Context, { params, body }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await scopeFor(context, params.incidentNo, params.runNo);
  const tiers = await tiersOfScope(context, row.scope_no);
  const standing = standingIn(row, tiers, await movesOf(context, params.incidentNo));
  const numbers = numbersIn(tiers, standing, body.tier).filter((no) => body.isMoved !== true || standing.moves.has(no));
  const page = numbers.slice(body.offset, body.offset + body.limit);
  const { customers } = await nameRecords(context, { customers: page, companies: [] });
  const names = new Map(customers.map(({ no, name }) => [no, name]));
  const { journal } = context;
  journal.fact("incidentNo", params.incidentNo);
  journal.fact("runNo", params.runNo);
  journal.fact("tier", body.tier);
  journal.fact("people", page.length);
  for (const no of page) journal.touched("customer", no);
  return {
    total: numbers.length,
    people: page.map((no) => showPerson(context.policy, { incidentNo: params.incidentNo, tiers, standing }, no, personIn(tiers, no), names.get(no) ?? null)),
  };
}

export function numbersIn(tiers: Tiers, standing: Standing, tier: ScopePerson["tier"]): number[] {
  const isWanted = (no: number): boolean => standing.tierOf(no) === tier;
  if (tier === "excluded" || standing.isUnverified || standing.moves.size > 0) return Array.from(tiers.existed).filter(isWanted);
  return tiers.people.filter((person) => person.isConfirmed === (tier === "confirmed")).map(({ no }) => no);
}

function showPerson(
  policy: Policy,
  { incidentNo, tiers, standing }: { readonly incidentNo: number; readonly tiers: Tiers; readonly standing: Standing },
  no: number,
  person: TierPerson | undefined,
  name: Handle,
): Person {
  const move = standing.moves.get(no);
  const computedTier = standing.computedTier(no) ?? "excluded";
  const hasEvents = person !== undefined && person.events > 0;
  return {
    customerNo: no,
    name,
    tier: move?.tier ?? computedTier,
    computedTier,
    ways: person === undefined ? (standing.isUnverified ? ["unverified"] : []) : waysOf(person.wayBits),
    fields: fieldsShown(policy, person?.codes ?? []),
    events: person?.events ?? 0,
    firstAt: hasEvents ? new Date(person.firstAt).toISOString() : null,
    lastAt: hasEvents ? new Date(person.lastAt).toISOString() : null,
    firstEvent: hasEvents ? person.firstEvent : null,
    lastEvent: hasEvents ? person.lastEvent : null,
    mergedNos: [...tiers.merged].filter(([, kept]) => kept === no).map(([loser]) => loser),
    move: move === undefined ? null : { at: move.at.toISOString(), by: move.by, reason: textOfIncident(incidentNo, move.sealedReason, "reason") },
  };
}

export function fieldsShown(policy: Policy, codes: readonly number[]): { field: string; isFull: boolean }[] {
  return codes.map((code) => ({ field: policy.fields.find((field) => field.no === code >> 1)?.key ?? `field ${code >> 1}`, isFull: isFull(code) }));
}
