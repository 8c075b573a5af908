import { Button } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { runScope, scopeTiers, type ScopeCause, type ScopeTier } from "#shared/incident-scope.ts";
import { call } from "#web/call.ts";
import { CauseChips } from "#web/incidents/scope/cause-chips.tsx";
import { MatchedLists } from "#web/incidents/scope/matched-lists.tsx";
import { ScopeDifference } from "#web/incidents/scope/scope-difference.tsx";
import { ScopeGround } from "#web/incidents/scope/scope-ground.tsx";
import { ScopeNumbers } from "#web/incidents/scope/scope-numbers.tsx";
import { ScopePeople } from "#web/incidents/scope/scope-people.tsx";
import { isSameCauses, useMatches, useScopeAct, useScopeRuns } from "#web/incidents/scope/use-scope.ts";
import { useSeconds } from "#web/incidents/scope/use-seconds.ts";
import { useIncident } from "#web/incidents/use-incident.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** 範囲: from the causes of an incident to its people in three tiers, with what each number rests on. */
export function ScopeView({ incidentNo, isBrief = false }: { incidentNo: number; isBrief?: boolean }) {
  const { w } = useWords();
  const words = w.incidentScope;
  const { data, error } = useScopeRuns(incidentNo);
  const { data: whole } = useIncident(incidentNo);
  const { data: matched } = useMatches(incidentNo);
  const [drafted, setDrafted] = useState<readonly ScopeCause[]>();
  const { tier }: { tier?: string } = useSearch({ strict: false });
  const opened = scopeTiers.find((one) => one === tier);
  const navigate = useNavigate();
  const open = (wanted: ScopeTier) =>
    void navigate({
      to: "/incidents/$incidentNo/$section",
      params: { incidentNo: String(incidentNo), section: "scope" },
      search: (wanted === opened ? {} : { tier: wanted }) as never,
      replace: !isBrief,
    });
  const newest = data?.runs[0];
  // Nobody asked yet: what the incident was opened from is the first cause.
  const causes = drafted ?? newest?.causes ?? firstCauses(whole?.cause ?? null);
  const run = useScopeAct(
    (given: readonly ScopeCause[]) => call(runScope, { params: { incidentNo }, body: { causes: [...given] } }),
    (reply) => {
      setDrafted(undefined);
      return words.ran(reply.confirmed, reply.possible);
    },
  );
  const seconds = useSeconds(run.isPending);
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const isStale = newest !== undefined && !isSameCauses(causes, newest.causes);
  const undecided = matched?.undecided ?? 0;
  return (
    <div className="column">
      {isBrief ? null : <p className="soft">{words.lead}</p>}
      <CauseChips causes={causes} onChange={setDrafted} />
      <div className="line">
        <Button
          disabled={causes.length === 0}
          loading={run.isPending}
          {...(newest !== undefined && !isStale ? { variant: "default" } : {})}
          onClick={() => run.mutate(causes)}
        >
          {newest === undefined ? words.run : words.runAgain}
        </Button>
        <span className="small soft" role="status">
          {run.isPending ? words.running(seconds) : isStale ? words.stale : ""}
        </span>
      </div>
      {undecided > 0 ? (
        <p className="small" role="status">
          {words.mustSettle(undecided)}
        </p>
      ) : null}
      {newest === undefined ? null : <ScopeNumbers run={newest} opened={isBrief ? undefined : opened} onOpen={open} />}
      {newest === undefined || isBrief || opened === undefined ? null : (
        <ScopePeople key={`${newest.runNo}:${opened}`} incidentNo={incidentNo} run={newest} tier={opened} />
      )}
      {isBrief ? null : (
        <MatchedLists
          incidentNo={incidentNo}
          matches={matched?.matches ?? []}
          causes={causes}
          onUse={(cause) => setDrafted([...causes.filter((one) => !isWithin(one, cause)), cause])}
        />
      )}
      {newest === undefined || isBrief ? null : (
        <>
          <ScopeDifference incidentNo={incidentNo} runs={data.runs} />
          <ScopeGround run={newest} />
        </>
      )}
    </div>
  );
}

/** A list that was settled further takes the place of what it came to before. */
function isWithin(one: ScopeCause, other: ScopeCause): boolean {
  const among = new Set(other.values);
  return one.kind === other.kind && one.values.every((value) => among.has(value));
}

function firstCauses(cause: { kind: string; no: number; from: string | null; to: string | null } | null): ScopeCause[] {
  if (cause === null) return [];
  return [{ kind: cause.kind, values: [cause.no], ...(cause.from === null ? {} : { from: cause.from }), ...(cause.to === null ? {} : { to: cause.to }) }];
}
