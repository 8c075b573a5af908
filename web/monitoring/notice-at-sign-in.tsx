import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { acknowledgeNotice, showNotice } from "#shared/monitoring.ts";
import { call } from "#web/call.ts";
import { NoticeText } from "#web/monitoring/notice-text.tsx";
import { ProblemNotice, refusalOf } from "#web/parts/problem-notice.tsx";
import type { Me } from "#web/parts/use-me.ts";
import { FrontPage } from "#web/session/front-page.tsx";
import { useWords } from "#web/words/words.ts";

/** Stands between sign-in and work until one has confirmed having been told what is recorded. */
export function NoticeAtSignIn({ organisation, onLeave }: { organisation: string; onLeave: () => void }) {
  const { w } = useWords();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: ["monitoring-notice"], queryFn: () => call(showNotice), staleTime: Infinity });
  const confirm = useMutation({
    mutationFn: (body: { version: number; noticeNo: number }) => call(acknowledgeNotice, { body }),
    onSuccess: () => client.setQueryData<Me>(["me"], (known) => (known === undefined ? known : { ...known, noticeDue: false })),
    onError: (refusal) => {
      if (refusalOf(refusal).code === "conflict") void refetch();
    },
  });
  return (
    <FrontPage title={w.monitoring.title} lead={w.monitoring.said.lead} isWide>
      {error === null ? null : <ProblemNotice error={error} />}
      {data === undefined ? null : (
        <>
          <NoticeText notice={data} organisation={organisation} />
          {confirm.error === null ? null : refusalOf(confirm.error).code === "conflict" ? (
            <p role="status">{w.monitoring.changed}</p>
          ) : (
            <ProblemNotice error={confirm.error} />
          )}
          <div className="line">
            <Button loading={confirm.isPending} onClick={() => confirm.mutate({ version: data.version, noticeNo: data.noticeNo })}>
              {w.monitoring.confirm}
            </Button>
            <Button variant="subtle" onClick={onLeave}>
              {w.monitoring.leave}
            </Button>
          </div>
        </>
      )}
    </FrontPage>
  );
}
