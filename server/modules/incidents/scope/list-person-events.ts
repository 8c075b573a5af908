import { queryOver, type Context, type Draft, type EventQuestion, type Input } from "#server/core/door/index.ts";
import type { Cause, CauseAnswer } from "#server/core/door/index.ts";
import { checkLeaves, eventTest, exposuresOf, listEvents, type Exposure, type Query } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { listScopeEvents as endpoint } from "#shared/incident-scope.ts";
import { Problem } from "#shared/problems.ts";
import { fieldsShown } from "./list-people.ts";
import { resolveCauses } from "./resolve-causes.ts";
import type { ScopeHouse } from "./run-scope.ts";
import { scopeFor, tiersOfScope, type ScopeRow } from "./scope-records.ts";
import { hasExisted } from "./tiers.ts";

/** So many events of one person are looked at in one call; then the page may be short, and goes on. */
const mostLooked = 5_000;

/** The events that put a person into a run, newest first. @throws Problem not-found for who did not exist then */
export function listScopeEvents(house: ScopeHouse): (context: Context, input: Input<typeof endpoint>) => Promise<Draft<ReplyOf<typeof endpoint>>> {
  return async (context, { params, body }) => {
    const row = await scopeFor(context, params.incidentNo, params.runNo);
    const tiers = await tiersOfScope(context, row.scope_no);
    if (!hasExisted(tiers, params.customerNo)) throw new Problem("not-found");
    const nos = [params.customerNo, ...[...tiers.merged].filter(([, kept]) => kept === params.customerNo).map(([no]) => no)];
    const query = queryOver(context.db);
    const asOf = { eventNo: row.as_of_event, at: row.as_of_at, treeSize: row.tree_size, rootHash: row.root_hash };
    const answers = await resolveCauses(query, { kinds: house.causes() as readonly Cause[], policy: context.policy, causes: row.causes, asOf });
    const tests = answers.map(questionsOf).map((questions) => questions.map(testOf));
    const events: Draft<ReplyOf<typeof endpoint>>["events"][number][] = [];
    let before: number | null = Math.min(body.before ?? Infinity, row.as_of_event + 1);
    for (let looked = 0; before !== null && looked < mostLooked && events.length < body.limit; looked += body.limit) {
      const { exposures, nextBefore }: Awaited<ReturnType<typeof exposuresOf>> = await exposuresOf(query, {
        kind: "customer",
        nos,
        before,
        limit: body.limit,
        touched: true,
      });
      before = nextBefore;
      for (const [index, exposure] of exposures.entries()) {
        const causes: number[] = [];
        for (const [cause, holds] of tests.entries()) if (await isHit(query, holds, exposure)) causes.push(cause);
        if (causes.length === 0) continue;
        events.push({
          eventNo: exposure.eventNo,
          at: exposure.at.toISOString(),
          type: exposure.type,
          accountNo: exposure.accountNo,
          sessionId: exposure.sessionId,
          address: exposure.address,
          purpose: exposure.purpose,
          fields: fieldsShown(
            context.policy,
            exposure.fields.map(([fieldNo, level]) => fieldNo * 2 + level - 1),
          ),
          causes,
        });
        if (events.length === body.limit) {
          before = index + 1 < exposures.length || nextBefore !== null ? exposure.eventNo : null;
          break;
        }
      }
    }
    const found = await checkShown(
      context,
      row,
      events.map((event) => event.eventNo),
    );
    context.journal.fact("incidentNo", params.incidentNo);
    context.journal.fact("runNo", params.runNo);
    for (const no of nos) context.journal.touched("customer", no);
    return { events, nextBefore: before, found };
  };
}

/** Holds the events that are shown against the tree. What does not hold takes the run's proof away. */
async function checkShown(context: Context, row: ScopeRow, eventNos: readonly number[]): Promise<string[]> {
  const findings = await checkLeaves(queryOver(context.db), context.door.checkpointKeys, eventNos);
  if (findings.length === 0) return [];
  const found = [...new Set(findings.map(({ what, eventNo }) => (eventNo === null ? what : `${what}: event ${eventNo}`)))];
  await context.db.query("update incident_scopes set verification = 'fails', findings = findings + $2, found = found || $3 where scope_no = $1", [
    row.scope_no,
    found.length,
    JSON.stringify(found),
  ]);
  context.journal.fact("found", found);
  context.journal.fact("alarm", true);
  return found;
}

interface Asked extends EventQuestion {
  /** Events that released nothing of the person count, too. */
  readonly isTouching: boolean;
}

function questionsOf(answer: CauseAnswer): Asked[] {
  return [
    ...answer.released.map((question) => ({ ...question, isTouching: false })),
    ...(answer.reached ?? []).map(({ question, isReleasing }) => ({ ...question, isTouching: isReleasing !== true })),
  ];
}

type Test = Asked & { readonly holds: ReturnType<typeof eventTest> };

const testOf = (asked: Asked): Test => ({ ...asked, holds: eventTest(asked.filter) });

async function isHit(query: Query, tests: readonly Test[], exposure: Exposure): Promise<boolean> {
  for (const { holds, fact, isTouching } of tests) {
    if (!isTouching && exposure.fields.length === 0) continue;
    if (!holds({ ...exposure, at: exposure.at.getTime() })) continue;
    if (fact === undefined) return true;
    const { events } = await listEvents(query, { eventNos: [exposure.eventNo], limit: 1 });
    const value = events[0]?.facts[fact.key];
    if (typeof value === "number" && fact.values.includes(value)) return true;
  }
  return false;
}
