import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { listApprovals, withdrawApproval } from "#shared/approvals.ts";
import { printableDays, printApproved } from "#shared/uses.ts";
import styles from "#web/approvals/approvals.module.css";
import { DecideDialog, type Decision } from "#web/approvals/decide-dialog.tsx";
import type { Request } from "#web/approvals/describe-request.ts";
import { RequestFacts } from "#web/approvals/request-facts.tsx";
import { call, download } from "#web/call.ts";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Seal } from "#web/parts/seal.tsx";
import { useKeys } from "#web/parts/use-keys.ts";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

export function ApprovalsPage() {
  const { w } = useWords();
  useDocumentTitle(w.approvals.title);
  const may = useMay();
  const { data, error, refetch } = useQuery({ queryKey: ["approvals"], queryFn: () => call(listApprovals), staleTime: 0 });
  return (
    <div className="page">
      <PageHead title={w.approvals.title} lead={w.approvals.lead} />
      {error === null ? null : <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <p className="soft">{w.act.loading}</p>
        ) : null
      ) : (
        <>
          {may("approve") ? <Waiting requests={data.waiting} /> : null}
          {data.own.length === 0 && may("approve") ? null : (
            <section className="column tight">
              <h2>{w.approvals.own}</h2>
              {data.own.length === 0 ? <EmptyState title={w.approvals.noneOwn} /> : <Requests requests={data.own} isOwn />}
            </section>
          )}
          {data.decided.length === 0 ? null : (
            <section className="column tight">
              <h2>{w.approvals.decided}</h2>
              <Requests requests={data.decided} isOwn={false} />
            </section>
          )}
        </>
      )}
    </div>
  );
}

/** Requests that wait for oneself: j and k choose, y and n decide. */
function Waiting({ requests }: { requests: readonly Request[] }) {
  const { w } = useWords();
  const [active, setActive] = useState(0);
  const [deciding, setDeciding] = useState<{ request: Request; decision: Decision }>();
  const items = useRef<(HTMLLIElement | null)[]>([]);
  const here = Math.min(active, requests.length - 1);
  const move = (by: number) => {
    const next = Math.max(0, Math.min(requests.length - 1, here + by));
    setActive(next);
    items.current[next]?.scrollIntoView({ block: "nearest" });
  };
  const ask = (decision: Decision) => {
    const request = requests[here];
    if (request !== undefined) setDeciding({ request, decision });
  };
  useKeys({ j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1), y: () => ask("approve"), n: () => ask("refuse") }, true, {
    y: w.help.keys.approve,
    n: w.help.keys.refuse,
  });
  useEffect(() => {
    items.current.length = requests.length;
  }, [requests.length]);
  return (
    <section className="column tight">
      <h2>{w.approvals.waiting}</h2>
      {requests.length === 0 ? (
        <EmptyState title={w.approvals.noneWaiting} help={w.approvals.noneWaitingHelp} />
      ) : (
        <>
          <p className={`soft small ${styles["keys"]}`}>{w.approvals.keysHint}</p>
          <ul className={styles["requests"]}>
            {requests.map((request, index) => (
              <li
                key={request.requestNo}
                ref={(item) => void (items.current[index] = item)}
                data-active={index === here || undefined}
                onPointerDown={() => setActive(index)}
              >
                <RequestFacts request={request} />
                <div className={styles["acts"]}>
                  <Button onClick={() => setDeciding({ request, decision: "approve" })}>{w.approvals.approve}</Button>
                  <Button variant="default" onClick={() => setDeciding({ request, decision: "refuse" })}>
                    {w.approvals.refuse}
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
      {deciding === undefined ? null : <DecideDialog {...deciding} onClose={() => setDeciding(undefined)} />}
    </section>
  );
}

function Requests({ requests, isOwn }: { requests: readonly Request[]; isOwn: boolean }) {
  return (
    <ul className={styles["requests"]}>
      {requests.map((request) => (
        <li key={request.requestNo}>
          <RequestFacts request={request} />
          <div className={styles["acts"]}>
            <State state={request.state} />
            {isOwn && request.state === "waiting" ? <Withdraw requestNo={request.requestNo} /> : null}
            {isOwn && request.state === "approved" && request.kind === "label-print" ? <PrintApproved request={request} /> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The paper of one's own print that was approved, as long as it may be made. */
function PrintApproved({ request }: { request: Request }) {
  const { w, date } = useWords();
  const until = new Date(Date.parse(request.decidedAt ?? request.askedAt) + printableDays * 86_400_000);
  const print = useMutation({
    mutationFn: () => download(printApproved, { params: { requestNo: request.requestNo }, body: {} }),
    onSuccess: () => notifications.show({ message: w.uses.made }),
  });
  if (until < new Date()) return null;
  return (
    <>
      <Button size="xs" variant="default" loading={print.isPending} onClick={() => print.mutate()}>
        {w.uses.printNow}
      </Button>
      <span className="small soft">{w.uses.printUntil(date(until.toISOString()))}</span>
      {print.error === null ? null : <ProblemNotice error={print.error} />}
    </>
  );
}

function State({ state }: { state: Request["state"] }) {
  const { w } = useWords();
  return (
    <span className="line">
      {state === "approved" ? <Seal character="可" size={22} /> : null}
      <Mark tone={state === "refused" ? "loss" : state === "waiting" ? "look" : "plain"}>{w.approvals.states[state]}</Mark>
    </span>
  );
}

function Withdraw({ requestNo }: { requestNo: number }) {
  const { w } = useWords();
  const client = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => call(withdrawApproval, { params: { requestNo } }),
    onSuccess: () => notifications.show({ message: w.approvals.withdrawn }),
    onSettled: () => {
      for (const key of ["approvals", "lists"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <>
      <Button size="xs" variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
        {w.approvals.withdraw}
      </Button>
      {withdraw.error === null ? null : <ProblemNotice error={withdraw.error} />}
    </>
  );
}
