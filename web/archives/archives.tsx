import { Select } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle } from "@tabler/icons-react";
import { changeArchivePolicy, showArchives } from "#shared/archives.ts";
import { call } from "#web/call.ts";
import styles from "#web/archives/archives.module.css";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

const terms = ["6", "12", "25", "never"] as const;
const termOf = (months: 6 | 12 | 25 | null): (typeof terms)[number] => (months === null ? "never" : (String(months) as "6"));
const monthsOf = (term: string): 6 | 12 | 25 | null => (term === "never" ? null : (Number(term) as 6));

/** The ledger's old months in files: where they are, and when the next ones go. */
export function Archives() {
  const { w, date } = useWords();
  const may = useMay();
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: ["archives"], queryFn: () => call(showArchives) });
  const save = useMutation({
    mutationFn: (term: string) => call(changeArchivePolicy, { body: { afterMonths: monthsOf(term) } }),
    onSuccess: () => {
      notifications.show({ message: w.archives.saved });
      void client.invalidateQueries({ queryKey: ["archives"] });
    },
  });
  if (error !== null) return <ProblemNotice error={error} />;
  return (
    <section className="column">
      <p className="soft">{w.archives.lead}</p>
      {save.error === null ? null : <ProblemNotice error={save.error} />}
      {data === undefined ? null : (
        <>
          <Select
            label={w.archives.after}
            data={terms.map((term) => ({ value: term, label: w.archives.months[term] }))}
            value={termOf(save.isPending ? monthsOf(save.variables) : data.afterMonths)}
            onChange={(term) => {
              if (term !== null && monthsOf(term) !== data.afterMonths) save.mutate(term);
            }}
            disabled={!may("run-backup")}
            allowDeselect={false}
            maw={280}
          />
          {data.archives.length === 0 ? (
            <EmptyState title={w.archives.noneTitle} help={w.archives.noneHelp} />
          ) : (
            <ul className={styles["files"]}>
              {data.archives.map((archive) => (
                <li key={archive.archiveNo}>
                  <span className="line">
                    <strong>{w.archives.span(date(archive.firstAt), date(archive.lastAt))}</strong>
                    {archive.isCleared ? null : <Mark tone="plain">{w.archives.copying}</Mark>}
                    {archive.isHere ? null : <Mark tone="loss">{w.archives.missing}</Mark>}
                  </span>
                  <span className="soft">
                    {w.archives.events(archive.events)} {w.archives.size(archive.bytes)}
                  </span>
                  <span className={styles["name"]}>{archive.file}</span>
                  {archive.isHere ? null : (
                    <span className={styles["why"]} role="alert">
                      <IconAlertTriangle size={16} aria-hidden /> {w.archives.missingHelp}
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  );
}
