import { Progress } from "@mantine/core";
import type { Import } from "#web/imports/import-page.tsx";
import { formatNumber } from "#web/words/format.ts";
import { useWords, type Words } from "#web/words/words.ts";

function lasting(seconds: number, w: Words): string {
  return seconds < 90 ? w.imports.seconds(Math.max(1, Math.round(seconds))) : w.imports.minutes(Math.round(seconds / 60));
}

/** Rate, remaining time, and that one may leave. */
export function ImportProgress({ now }: { now: Import }) {
  const { w } = useWords();
  const share = now.rowsTotal === null || now.rowsTotal === 0 ? 0 : (now.rowsDone / now.rowsTotal) * 100;
  return (
    <div className="column" role="status">
      <Progress.Root size="lg">
        <Progress.Section value={share} aria-label={w.imports.states.running} />
      </Progress.Root>
      <p className="line">
        <strong>
          {formatNumber(now.rowsDone)}
          {now.rowsTotal === null ? "" : ` / ${formatNumber(now.rowsTotal)}`}
        </strong>
        {now.rowsPerSecond === null ? null : <span className="soft">{w.imports.rate(Math.round(now.rowsPerSecond))}</span>}
        {now.secondsLeft === null ? null : <span className="soft">{w.imports.left(lasting(now.secondsLeft, w))}</span>}
      </p>
      <p className="soft">{w.imports.mayLeave}</p>
    </div>
  );
}
