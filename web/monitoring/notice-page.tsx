import { Button, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { longestNotice, showNotice, writeNotice } from "#shared/monitoring.ts";
import { call } from "#web/call.ts";
import { NoticeText, type Notice } from "#web/monitoring/notice-text.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useMay, useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** The notice about the recording of work, to be read again at any time; the privacy officer adds the organisation's words. */
export function NoticePage() {
  const { w, dateTime } = useWords();
  useDocumentTitle(w.monitoring.title);
  const { organisation } = useMe();
  const may = useMay();
  const { data, error } = useQuery({ queryKey: ["monitoring-notice"], queryFn: () => call(showNotice) });
  return (
    <div className="page">
      <PageHead title={w.monitoring.title} lead={w.monitoring.said.lead} />
      {error === null ? null : <ProblemNotice error={error} />}
      {data === undefined ? null : (
        <>
          <NoticeText notice={data} organisation={organisation} />
          {data.acknowledgedAt === null ? null : <p className="small soft">{w.monitoring.acknowledged(dateTime(data.acknowledgedAt))}</p>}
          {may("consent-rights") ? <OwnWords key={data.noticeNo} notice={data} /> : null}
        </>
      )}
    </div>
  );
}

function OwnWords({ notice }: { notice: Notice }) {
  const { w } = useWords();
  const client = useQueryClient();
  const stored = textOf(notice.text) ?? "";
  const [text, setText] = useState(stored);
  const save = useMutation({
    mutationFn: () => call(writeNotice, { body: { text, noticeNo: notice.noticeNo } }),
    onSuccess: () => {
      notifications.show({ message: w.monitoring.saved });
      void client.invalidateQueries({ queryKey: ["monitoring-notice"] });
    },
  });
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
      <p className="soft">{w.monitoring.editLead}</p>
      <Textarea
        label={w.monitoring.editLabel}
        description={w.monitoring.editHint}
        value={text}
        maxLength={longestNotice}
        autosize
        minRows={4}
        maxRows={16}
        maw="40em"
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" loading={save.isPending} disabled={text.trim() === stored.trim()}>
          {w.act.save}
        </Button>
      </div>
    </form>
  );
}
