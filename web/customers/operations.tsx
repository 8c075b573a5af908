import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { listBulk } from "#shared/bulk.ts";
import { call } from "#web/call.ts";
import { outcomeOf, undoOperation, type Operation } from "#web/customers/watch-operation.tsx";
import { At } from "#web/parts/at.tsx";
import { CustomerChip } from "#web/parts/chip.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

const lookMilliseconds = 2_000;
const isMoving = (one: Operation) => one.state === "running" || one.state === "undoing";

/** One's own changes of many, with what became of each and the way back. */
export function Operations() {
  const { w } = useWords();
  useDocumentTitle(w.bulk.operations);
  const { data, error, refetch } = useQuery({
    queryKey: ["operations"],
    queryFn: () => call(listBulk),
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.operations.some(isMoving) === true ? lookMilliseconds : false),
  });
  return (
    <div className="page">
      <PageHead title={w.bulk.operations} lead={w.bulk.operationsLead} />
      {error === null ? null : <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined ? null : data.operations.length === 0 ? (
        <EmptyState title={w.bulk.noOperations} help={w.bulk.noOperationsHelp} />
      ) : (
        <table className="plain-table" data-stacks>
          <thead>
            <tr>
              <th scope="col">{w.bulk.when}</th>
              <th scope="col">{w.bulk.what}</th>
              <th scope="col">{w.bulk.state}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {data.operations.map((one) => (
              <OperationLine key={one.operationNo} one={one} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function OperationLine({ one }: { one: Operation }) {
  const spoken = useWords();
  const { w } = spoken;
  const client = useQueryClient();
  return (
    <tr>
      <td>
        <At iso={one.startedAt} form="short" />
      </td>
      <td>
        {w.bulk.kinds[one.kind]} <span className="number">{w.bulk.persons(one.persons)}</span>
      </td>
      <td>
        <span className="column tight">
          <span className="line">
            <Mark tone={one.state === "failed" || one.state === "refused" ? "look" : isMoving(one) ? "act" : "plain"}>{w.bulk.states[one.state]}</Mark>
            <span className="soft">{outcomeOf(one, spoken)}</span>
          </span>
          {one.leftAlone.length === 0 ? null : (
            <span className="line">
              {one.leftAlone.map((no) => (
                <CustomerChip key={no} no={no} />
              ))}
            </span>
          )}
        </span>
      </td>
      <td>
        {one.mayUndo ? (
          <Button size="xs" variant="default" onClick={() => void undoOperation(one.operationNo, client, spoken)}>
            {w.act.undo}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
