import { Button, NumberInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { changeTrashRules, showTrashRules } from "#shared/trash.ts";
import { call } from "#web/call.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

type Rules = ReplyOf<typeof showTrashRules>;

/** How long the trash keeps, and from how many on a second person is asked. */
export function TrashRules() {
  const { w } = useWords();
  const { data, error } = useQuery({ queryKey: ["trash-rules"], queryFn: () => call(showTrashRules) });
  return (
    <section className="column">
      <p className="soft">{w.bulk.rulesLead}</p>
      {error === null ? null : <ProblemNotice error={error} />}
      {data === undefined ? null : <RulesForm key={`${data.days}-${data.alone}`} rules={data} />}
    </section>
  );
}

function RulesForm({ rules }: { rules: Rules }) {
  const { w } = useWords();
  const client = useQueryClient();
  const [days, setDays] = useState(rules.days);
  const [alone, setAlone] = useState(rules.alone);
  const save = useMutation({
    mutationFn: () => call(changeTrashRules, { body: { days, alone } }),
    onSuccess: (next) => {
      client.setQueryData(["trash-rules"], next);
      notifications.show({ message: w.bulk.rulesSaved });
    },
  });
  const put = (set: (value: number) => void) => (value: string | number) => set(Number(value));
  return (
    <form
      method="post"
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {save.error === null ? null : <ProblemNotice error={save.error} />}
      <NumberInput label={w.bulk.days} value={days} onChange={put(setDays)} min={1} max={3650} allowDecimal={false} maw={240} />
      <NumberInput label={w.bulk.alone} value={alone} onChange={put(setAlone)} min={1} max={10_000} allowDecimal={false} maw={240} />
      <div>
        <Button type="submit" loading={save.isPending} disabled={days === rules.days && alone === rules.alone}>
          {w.act.save}
        </Button>
      </div>
    </form>
  );
}
