import { Button, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { IconCheck, IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { correctRow, downloadRowProblems, listRowProblems, type ImportKind } from "#shared/imports.ts";
import { call, download } from "#web/call.ts";
import styles from "#web/imports/imports.module.css";
import { CustomerChip } from "#web/parts/chip.tsx";
import { ProblemNotice, refusalOf, sentenceOf } from "#web/parts/problem-notice.tsx";
import { textOf, useFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

type RowProblem = ReplyOf<typeof listRowProblems>["problems"][number];
const pageRows = 100;

/** Rows that need a look, as a table that can be corrected in place. */
export function RowProblems({ importNo, kind, onCorrected }: { importNo: number; kind: ImportKind; onCorrected: () => void }) {
  const { w, language } = useWords();
  const save = useMutation({ mutationFn: () => download(downloadRowProblems, { params: { importNo }, body: { language } }) });
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["row-problems", importNo],
    queryFn: ({ pageParam }) => call(listRowProblems, { params: { importNo }, query: { offset: pageParam, limit: pageRows } }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (pages.length * pageRows < last.total ? pages.length * pageRows : null),
    staleTime: Infinity,
  });
  if (error !== null) return <ProblemNotice error={error} />;
  const rows = data?.pages.flatMap((page) => page.problems);
  if (rows === undefined) return null;
  if (rows.length === 0) return <p className="soft">{w.imports.noProblems}</p>;
  return (
    <section className="column tight">
      <h2>{w.imports.problemsTitle}</h2>
      <p className="soft">{w.imports.problemsLead}</p>
      {save.error === null ? null : <ProblemNotice error={save.error} />}
      <p className="line">
        <Button variant="default" size="xs" leftSection={<IconDownload size={14} aria-hidden />} loading={save.isPending} onClick={() => save.mutate()}>
          {w.importing.download}
        </Button>
        <span className="small soft">{kind === "purchases" ? w.importing.purchaseDownloadHelp : w.importing.downloadHelp}</span>
      </p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={w.imports.problemsTitle}>
        <table className="plain-table" data-stacks>
          <thead>
            <tr>
              <th scope="col">{w.imports.row}</th>
              <th scope="col">{w.imports.useAs}</th>
              <th scope="col">{w.imports.problem}</th>
              <th scope="col">{w.imports.outcome}</th>
              <th scope="col">{w.imports.cellValue}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((problem) => (
              <ProblemRow key={problem.problemNo} importNo={importNo} problem={problem} onCorrected={onCorrected} />
            ))}
          </tbody>
        </table>
      </div>
      {hasNextPage ? (
        <div>
          <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {w.act.more}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function ProblemRow({ importNo, problem, onCorrected }: { importNo: number; problem: RowProblem; onCorrected: () => void }) {
  const spoken = useWords();
  const { w, label } = spoken;
  const field = useFields("customer").find((one) => one.key === problem.field);
  const purchaseFields: Readonly<Record<string, string>> = w.importing.purchaseFields;
  const [text, setText] = useState(textOf(problem.value) ?? "");
  const correct = useMutation({
    mutationFn: (body: { value: string } | { customerNo: number }) => call(correctRow, { params: { importNo, problemNo: problem.problemNo }, body }),
    onSuccess: (reply) => {
      if (reply.kind === "imported") onCorrected();
    },
  });
  const reply = correct.data;
  const wrong =
    correct.error !== null
      ? sentenceOf(refusalOf(correct.error).code, spoken)
      : reply?.kind === "still-wrong"
        ? `${w.imports.stillWrong}: ${w.imports.codes[reply.code]}`
        : undefined;
  return (
    <tr>
      <td className="number">{problem.row}</td>
      <td>{field !== undefined ? label(field) : problem.field === null ? "–" : (purchaseFields[problem.field] ?? problem.field)}</td>
      <td>{w.imports.codes[problem.code]}</td>
      <td className="soft">{w.imports.outcomes[problem.outcome]}</td>
      <td>
        {reply?.kind === "imported" ? (
          <span className="line">
            <IconCheck size={14} aria-hidden /> {w.imports.corrected} <CustomerChip no={reply.customerNo} />
          </span>
        ) : reply?.kind === "waits" ? (
          <span className="line soft">
            <IconCheck size={14} aria-hidden /> {w.importing.waits}
          </span>
        ) : problem.state !== "open" ? (
          <span className="soft">{w.imports[problem.state]}</span>
        ) : problem.column === null ? (
          <Value shown={problem.value} isBare />
        ) : (
          <>
            <form
              method="post"
              className={styles["fix"]}
              onSubmit={(event) => {
                event.preventDefault();
                correct.mutate({ value: text });
              }}
            >
              <TextInput
                size="xs"
                aria-label={`${w.imports.row} ${problem.row} ${w.imports.cellValue}`}
                autoComplete="off"
                maxLength={4000}
                value={text}
                error={wrong}
                onChange={(event) => setText(event.currentTarget.value)}
              />
              <Button type="submit" size="xs" variant="default" loading={correct.isPending}>
                {w.imports.correct}
              </Button>
            </form>
            {problem.candidates.length === 0 ? null : (
              <div className={styles["candidates"]}>
                {problem.candidates.map(({ customerNo, name }) => {
                  const called = textOf(name) ?? w.customers.ofNumber(customerNo);
                  return (
                    <span key={customerNo} className="line">
                      <CustomerChip no={customerNo} name={called} />
                      <Button
                        type="button"
                        size="compact-xs"
                        variant="subtle"
                        aria-label={w.importing.chooseOf(called)}
                        disabled={correct.isPending}
                        onClick={() => correct.mutate({ customerNo })}
                      >
                        {w.importing.chooseThis}
                      </Button>
                    </span>
                  );
                })}
              </div>
            )}
          </>
        )}
      </td>
    </tr>
  );
}
