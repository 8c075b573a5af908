import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { dismissFirstHour, showFirstHour, type FirstHourStep } from "#shared/support.ts";
import { call } from "#web/call.ts";
import type { ArticleSlug } from "#web/help/article-order.ts";
import { useHelp } from "#web/help/use-help.ts";
import styles from "#web/home/first-hour.module.css";
import { useWords } from "#web/words/words.ts";

/** Where a step is taken: on a screen, or at the server's terminal, of which the help tells. */
const placeOf: Readonly<Record<FirstHourStep, { to: string } | { article: ArticleSlug }>> = {
  departments: { to: "/settings/departments" },
  people: { to: "/settings/people" },
  backup: { article: "backup" },
  import: { to: "/import" },
  find: { to: "/customers" },
  note: { to: "/customers" },
  "next-action": { to: "/customers" },
  ledger: { to: "/ledger" },
};

type Shown = ReplyOf<typeof showFirstHour>;
const key = ["first-hour"];

/** Whether the screen may be laid out: it is known whether the steps stand in it. */
export function useFirstHour() {
  return useQuery({ queryKey: key, queryFn: () => call(showFirstHour), staleTime: 30_000 });
}

/** The guided first hour: steps that fit one's rights, ticked by what really happened. Gone when all are done or it was put away. */
export function FirstHour() {
  const { w } = useWords();
  const words = w.help.firstHour;
  const openHelp = useHelp();
  const client = useQueryClient();
  const { data } = useFirstHour();
  const dismiss = useMutation({
    mutationFn: () => call(dismissFirstHour, { body: { isDismissed: true } }),
    onSuccess: () => {
      client.setQueryData<Shown>(key, { steps: [], isDismissed: true });
      notifications.show({ message: words.dismissed });
    },
  });
  const steps = data?.steps ?? [];
  const done = steps.filter((one) => one.isDone).length;
  if (done === steps.length) return null;
  return (
    <section className={styles["hour"]} aria-labelledby="first-hour">
      <div className="line apart">
        <h2 id="first-hour">{words.title}</h2>
        <span className="line">
          <span className="soft small">{words.progress(done, steps.length)}</span>
          <Button size="compact-sm" variant="subtle" loading={dismiss.isPending} onClick={() => dismiss.mutate()}>
            {words.dismiss}
          </Button>
        </span>
      </div>
      <ol className={styles["steps"]}>
        {steps.map(({ step, isDone }) => {
          const place = placeOf[step];
          return (
            <li key={step} data-done={isDone || undefined}>
              {isDone ? (
                <IconCircleCheckFilled size={20} role="img" aria-label={words.isDone} />
              ) : (
                <IconCircle size={20} role="img" aria-label={words.isOpen} />
              )}
              <span>
                {isDone ? (
                  words.steps[step]
                ) : "to" in place ? (
                  <Link to={place.to}>{words.steps[step]}</Link>
                ) : (
                  <button type="button" className={styles["link"]} onClick={() => openHelp?.(place.article)}>
                    {words.steps[step]}
                  </button>
                )}
                {isDone ? null : <span className={`${styles["hint"]} small soft`}>{words.hints[step]}</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
