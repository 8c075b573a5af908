import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { showImport } from "#shared/imports.ts";
import { useImportWatch } from "#web/app/import-watch.tsx";
import { call } from "#web/call.ts";
import { ImportMapping } from "#web/imports/import-mapping.tsx";
import { ImportProgress } from "#web/imports/import-progress.tsx";
import { ImportResult } from "#web/imports/import-result.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { Steps } from "#web/session/front-page.tsx";
import { formatBytes } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

export type Import = ReplyOf<typeof showImport>;
const lookMilliseconds = 1000;
const isMoving = (state: Import["state"] | undefined) => state === "reading" || state === "running" || state === "undoing";
const stepOf: Readonly<Record<Import["state"], number>> = { reading: 0, "awaits-mapping": 1, running: 2, done: 3, failed: 3, undoing: 3, undone: 3 };

/** The wizard: the state of the import is the step. */
export function ImportPage() {
  const { w } = useWords();
  useDocumentTitle(w.imports.title);
  const params: { importNo?: string } = useParams({ strict: false });
  const importNo = Number(params.importNo);
  const watch = useImportWatch();
  const { data, error, refetch } = useQuery({
    queryKey: ["import", importNo],
    queryFn: async ({ client, queryKey }) => {
      const known = client.getQueryData<Import>(queryKey);
      const now = await call(showImport, { params: { importNo }, query: { named: known === undefined ? "yes" : "no" } });
      return known === undefined ? now : { ...now, fileName: known.fileName };
    },
    staleTime: 0,
    refetchInterval: (query) => (isMoving(query.state.data?.state) ? lookMilliseconds : false),
  });
  const isRunning = data?.state === "running";
  useEffect(() => {
    if (isRunning) watch(importNo);
  }, [isRunning, importNo, watch]);
  if (error !== null) {
    return (
      <div className="page">
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (data === undefined) return <p className="page soft">{w.act.loading}</p>;
  const lead = [w.importing.kinds[data.kind], formatBytes(data.bytes), data.encoding].filter((part) => part !== null).join(" / ");
  return (
    <div className="page">
      <PageHead title={textOf(data.fileName) ?? w.imports.ofNumber(importNo)} lead={lead} />
      <Steps names={[w.imports.steps.file, w.imports.steps.mapping, w.imports.steps.running, w.imports.steps.done]} at={stepOf[data.state]} />
      {data.state === "reading" ? (
        <p className="line" role="status">
          <Loader size={16} aria-hidden /> {w.imports.reading}
        </p>
      ) : data.state === "awaits-mapping" ? (
        <ImportMapping importNo={importNo} kind={data.kind} onStarted={() => void refetch()} />
      ) : data.state === "running" ? (
        <ImportProgress now={data} />
      ) : (
        <ImportResult now={data} onChanged={() => void refetch()} />
      )}
    </div>
  );
}
