import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { decideApproval, listApprovals } from "#shared/approvals.ts";
import { me } from "#shared/session.ts";
import { describeRequest, type Request } from "#web/approvals/describe-request.ts";
import { call } from "#web/call.ts";
import { StopWords } from "#web/measures/stop-words.tsx";
import { At } from "#web/parts/at.tsx";
import { tellRefusal } from "#web/parts/problem-notice.tsx";
import { Value } from "#web/parts/value.tsx";
import { FrontPage } from "#web/session/front-page.tsx";
import { useWords } from "#web/words/words.ts";

/** In place of everything while the whole service is stopped. Goes away by itself; who may approve finds here what waits for it. */
export function StopNotice({ onLeave }: { onLeave: () => void }) {
  const { w } = useWords();
  const { data: own } = useQuery({ queryKey: ["me"], queryFn: () => call(me), staleTime: Infinity });
  return (
    <FrontPage title={w.measures.stopTitle} lead={w.measures.stopAgain}>
      <StopWords />
      {own?.verbs.includes("approve") === true ? <Waiting /> : null}
      <div>
        <Button variant="default" onClick={onLeave}>
          {w.measures.leave}
        </Button>
      </div>
    </FrontPage>
  );
}

function Waiting() {
  const { w } = useWords();
  const { data } = useQuery({ queryKey: ["approvals"], queryFn: () => call(listApprovals), staleTime: 0 });
  const waiting = data?.waiting.filter((request) => request.kind === "measure") ?? [];
  if (waiting.length === 0) return null;
  return (
    <section className="column tight">
      <h2>{w.measures.toConfirm}</h2>
      {waiting.map((request) => (
        <Judged key={request.requestNo} request={request} />
      ))}
    </section>
  );
}

/** No name stands here: whose it is, is out of reach while everything is stopped. */
function Judged({ request }: { request: Request }) {
  const spoken = useWords();
  const { w } = spoken;
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: (decision: "approve" | "refuse") => call(decideApproval, { params: { requestNo: request.requestNo }, body: { decision, comment: "" } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["approvals"] }),
  });
  return (
    <div className="column tight">
      <p>
        <strong>{describeRequest(request, [], spoken)}</strong>
      </p>
      <p>
        <span className="soft small">{w.approvals.reason}</span> <Value shown={request.reason} isBare />
      </p>
      <p className="line small soft">
        <span>{w.settings.ofNumber(request.askedBy)}</span> <At iso={request.askedAt} />
      </p>
      {decide.error === null ? null : <p role="alert">{tellRefusal(decide.error, spoken)}</p>}
      <div className="line">
        <Button loading={decide.isPending && decide.variables === "approve"} onClick={() => decide.mutate("approve")}>
          {w.approvals.approve}
        </Button>
        <Button variant="default" loading={decide.isPending && decide.variables === "refuse"} onClick={() => decide.mutate("refuse")}>
          {w.approvals.refuse}
        </Button>
      </div>
    </div>
  );
}
