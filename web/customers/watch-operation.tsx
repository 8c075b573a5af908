import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { QueryClient } from "@tanstack/react-query";
import { showBulk, undoBulk } from "#shared/bulk.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { tellRefusal } from "#web/parts/problem-notice.tsx";
import type { Spoken } from "#web/words/words.ts";

export type Operation = ReplyOf<typeof showBulk>;

const lookMilliseconds = 500;
/** As long as a hand needs to notice a slip. */
export const undoMilliseconds = 12_000;

/** Everything that shows customers is asked for anew. */
export function refreshCustomers(client: QueryClient): void {
  for (const key of ["customer", "history", "timeline", "rows", "trash", "operations", "companies", "counts"])
    void client.invalidateQueries({ queryKey: [key] });
}

/** What an operation came to, in a sentence. */
export function outcomeOf(now: Operation, { w }: Spoken): string {
  const refused = Object.values(now.refused).reduce((sum, one) => sum + one, 0);
  switch (now.state) {
    case "done":
      return [w.bulk.doneCount(w.bulk.done[now.kind], now.changed), ...(refused === 0 ? [] : [w.bulk.someRefused(refused)])].join(" ");
    case "undone":
      return [w.bulk.undone(now.putBack), ...(now.leftAloneCount === 0 ? [] : [w.bulk.leftAlone(now.leftAloneCount)])].join(" ");
    case "failed":
      return w.bulk.failed;
    case "refused":
      return w.bulk.refusedBySecond;
    case "awaits-approval":
      return w.bulk.asked;
    default:
      return now.state === "undoing" ? w.bulk.undoing(now.putBack + now.leftAloneCount, now.changed) : w.bulk.running(now.done, now.persons);
  }
}

function progressOf(now: Operation, spoken: Spoken): string {
  const { w } = spoken;
  const pace = now.perSecond === null || now.secondsLeft === null ? [] : [w.bulk.pace(now.perSecond, now.secondsLeft)];
  return [outcomeOf(now, spoken), ...pace, w.bulk.mayLeave].join(" ");
}

/**
 * Follows an operation to its end, whatever screen is open meanwhile: one notification, with rate and time left while it runs
 * and Undo when it is done.
 */
export async function watchOperation(operationNo: number, client: QueryClient, spoken: Spoken): Promise<void> {
  const id = `operation-${operationNo}`;
  let isShown = false;
  const tell = (message: React.ReactNode, isMoving: boolean) => {
    const given = { id, message, loading: isMoving, autoClose: isMoving ? (false as const) : undoMilliseconds, withCloseButton: true };
    if (isShown) notifications.update(given);
    else notifications.show(given);
    isShown = true;
  };
  try {
    for (;;) {
      const now = await call(showBulk, { params: { operationNo } });
      if (now.state !== "running" && now.state !== "undoing") {
        refreshCustomers(client);
        tell(<Ended now={now} client={client} spoken={spoken} />, false);
        return;
      }
      tell(progressOf(now, spoken), true);
      await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
    }
  } catch (error) {
    notifications.hide(id);
    notifications.show({ message: tellRefusal(error, spoken), color: "red" });
  }
}

function Ended({ now, client, spoken }: { now: Operation; client: QueryClient; spoken: Spoken }) {
  return (
    <span className="line apart">
      {outcomeOf(now, spoken)}
      {now.mayUndo ? (
        <Button size="xs" variant="default" onClick={() => void undoOperation(now.operationNo, client, spoken)}>
          {spoken.w.act.undo}
        </Button>
      ) : null}
    </span>
  );
}

/** Undoes an operation and follows the undo to its end. */
export async function undoOperation(operationNo: number, client: QueryClient, spoken: Spoken): Promise<void> {
  try {
    await call(undoBulk, { params: { operationNo } });
  } catch (error) {
    notifications.show({ message: tellRefusal(error, spoken), color: "red" });
    return;
  }
  await watchOperation(operationNo, client, spoken);
}
