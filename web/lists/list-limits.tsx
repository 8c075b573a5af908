import { Button, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { changeListPolicy, listPolicy, showListPolicy } from "#shared/lists.ts";
import { call } from "#web/call.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

type Limits = ReplyOf<typeof showListPolicy>;

/** How many persons may leave without a second person's yes, and for how long. */
export function ListLimits() {
  const { w } = useWords();
  const { data, error } = useQuery({ queryKey: ["list-policy"], queryFn: () => call(showListPolicy), staleTime: 0 });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  return <LimitsForm key={`${data.freePersons}.${data.days}`} limits={data} />;
}

function LimitsForm({ limits }: { limits: Limits }) {
  const { w } = useWords();
  const client = useQueryClient();
  const [freePersons, setFreePersons] = useState(String(limits.freePersons));
  const [days, setDays] = useState(String(limits.days));
  const typed = listPolicy.safeParse({ freePersons: Number(freePersons), days: Number(days) });
  const change = useMutation({
    mutationFn: (next: Pick<Limits, "freePersons" | "days">) => call(changeListPolicy, { body: next }),
    onSuccess: (next) => {
      notifications.show({ message: w.act.saved });
      client.setQueryData(["list-policy"], { ...limits, ...next });
    },
  });
  return (
    <form
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.success) change.mutate(typed.data);
      }}
    >
      <h2>{w.lists.policyTitle}</h2>
      <p className="soft">{w.lists.policyLead}</p>
      <TextInput
        label={w.lists.freePersons}
        inputMode="numeric"
        maxLength={4}
        w={160}
        value={freePersons}
        onChange={(event) => setFreePersons(event.currentTarget.value)}
        styles={{ label: { whiteSpace: "nowrap" } }}
      />
      <TextInput
        label={w.lists.longestDays}
        inputMode="numeric"
        maxLength={3}
        w={160}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
        styles={{ label: { whiteSpace: "nowrap" } }}
      />
      {change.error === null ? null : <ProblemNotice error={change.error} />}
      <div>
        <Button
          type="submit"
          loading={change.isPending}
          disabled={!typed.success || (typed.data.freePersons === limits.freePersons && typed.data.days === limits.days)}
        >
          {w.act.save}
        </Button>
      </div>
    </form>
  );
}
