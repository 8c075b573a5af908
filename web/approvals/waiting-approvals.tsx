import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { countApprovals } from "#shared/approvals.ts";
import { call } from "#web/call.ts";
import { useWords } from "#web/words/words.ts";

/** For Home: how many requests wait for oneself, and how many of one's own wait. Nothing where nothing waits. */
export function WaitingApprovals() {
  const { w } = useWords();
  const { data } = useQuery({ queryKey: ["approvals", "count"], queryFn: () => call(countApprovals), staleTime: 30_000 });
  if (data === undefined || data.waiting + data.own === 0) return null;
  return (
    <section className="column tight">
      <h2>{w.approvals.homeTitle}</h2>
      {data.waiting === 0 ? null : (
        <p>
          <Link to="/approvals">{w.approvals.homeWaiting(data.waiting)}</Link>
        </p>
      )}
      {data.own === 0 ? null : (
        <p>
          <Link to="/approvals">{w.approvals.homeOwn(data.own)}</Link>
        </p>
      )}
    </section>
  );
}
