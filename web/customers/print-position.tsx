import { Button, NumberInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { changePrintOffset, printTestPage, showPrintOffset, type PrintLayout, type PrintOffset } from "#shared/uses.ts";
import { call, download } from "#web/call.ts";
import styles from "#web/customers/print-labels.module.css";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

const queryKey = ["print-offset"];

/** By how much one's own printer is beside the mark, and a page to measure it with. Closed until somebody needs it. */
export function PrintPosition({ layout }: { layout: PrintLayout }) {
  const { w } = useWords();
  const client = useQueryClient();
  const { data } = useQuery({ queryKey, queryFn: () => call(showPrintOffset), staleTime: Infinity });
  const change = useMutation({
    mutationFn: (body: PrintOffset) => call(changePrintOffset, { body }),
    onSuccess: (kept) => client.setQueryData(queryKey, kept),
  });
  const test = useMutation({
    mutationFn: () => download(printTestPage, { body: { layout } }),
    onSuccess: () => notifications.show({ message: w.uses.testMade }),
  });
  if (data === undefined) return null;
  const error = change.error ?? test.error;
  const field = (key: keyof PrintOffset, label: string) => (
    <NumberInput
      label={label}
      size="xs"
      w={130}
      min={-10}
      max={10}
      step={0.5}
      decimalScale={1}
      defaultValue={data[key]}
      onBlur={(event) => {
        const typed = Number(event.currentTarget.value);
        if (Number.isFinite(typed) && Math.abs(typed) <= 10 && typed !== data[key]) change.mutate({ ...data, [key]: typed });
      }}
    />
  );
  return (
    <details className={styles["position"]}>
      <summary className="small">{w.uses.offset}</summary>
      <div className="column tight">
        <p className="small soft">{w.uses.offsetHelp}</p>
        {error === null ? null : <ProblemNotice error={error} />}
        <div className={styles["offsets"]}>
          {field("right", w.uses.offsetRight)}
          {field("down", w.uses.offsetDown)}
          <Button size="xs" variant="default" loading={test.isPending || change.isPending} onClick={() => test.mutate()}>
            {w.uses.testPage}
          </Button>
        </div>
      </div>
    </details>
  );
}
