import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { listPersonRequests } from "#shared/person-requests.ts";
import { call } from "#web/call.ts";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { Why } from "#web/parts/why.tsx";
import { DueMark } from "#web/requests/due-mark.tsx";
import { useWords } from "#web/words/words.ts";

/** The register, what is due first. A row leads to the person, where the request is dealt with. */
export function RequestList({ state }: { state: "due" | "all" }) {
  const { w, date } = useWords();
  const words = w.requests;
  const { data, error, refetch } = useQuery({
    queryKey: ["person-requests", state],
    queryFn: () => call(listPersonRequests, { query: { state } }),
    staleTime: 0,
  });
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  if (data.requests.length === 0) return <EmptyState title={state === "due" ? words.emptyDue : words.emptyAll} help={words.emptyDueHelp} />;
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={words.title}>
      <table className="plain-table" data-stacks>
        <thead>
          <tr>
            <th scope="col">
              {words.dueOn} <Why>{words.dueWhy}</Why>
            </th>
            <th scope="col">{words.kind}</th>
            <th scope="col">{words.person}</th>
            <th scope="col">{words.received}</th>
            <th scope="col">{words.identity}</th>
            <th scope="col">{words.state}</th>
          </tr>
        </thead>
        <tbody>
          {data.requests.map((request) => (
            <tr key={request.requestNo}>
              <td>
                <DueMark dueOn={request.dueOn} isWaiting={request.state === "open" || request.state === "decided"} />
              </td>
              <td>
                <strong>{words.kinds[request.kind]}</strong> <span className="soft number">No. {request.requestNo}</span>{" "}
                {request.isHeld && request.kind === "erasure" ? <Mark tone="look">{w.evidence.heldMark}</Mark> : null}
              </td>
              <td>
                {request.isErased ? (
                  <span className="soft">
                    {words.erasedPerson} (No. {request.customerNo})
                  </span>
                ) : (
                  <Link to="/customers/$customerNo/person" params={{ customerNo: String(request.customerNo) }}>
                    {textOf(request.fullName) === undefined ? w.customers.ofNumber(request.customerNo) : <Value shown={request.fullName} isBare />}
                  </Link>
                )}
              </td>
              <td>
                {date(`${request.receivedOn}T00:00:00+09:00`)} <span className="soft">{words.channels[request.channel]}</span>
              </td>
              <td>{request.identityCheck === "none" ? <Mark tone="look">{words.identities.none}</Mark> : words.identities[request.identityCheck]}</td>
              <td>
                {words.states[request.state]}
                {request.decision === null ? null : <span className="soft"> {words.decided[request.decision]}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
