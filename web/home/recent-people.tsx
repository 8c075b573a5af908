import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { openView } from "#shared/customers.ts";
import { call } from "#web/call.ts";
import styles from "#web/home/home.module.css";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

const shownAtMost = 6;

/** Whom I looked at last. Asked for by a click: a name that was fetched counts as seen. */
export function RecentPeople() {
  const { w } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["recent-people"],
    queryFn: () =>
      call(openView, {
        body: { search: "", filters: { atHand: "recent" }, sort: { by: "number", descending: false }, columns: ["fullName"], first: shownAtMost },
      }),
    enabled: isOpen,
    gcTime: 0,
    staleTime: Infinity,
  });
  return (
    <section className="column tight" aria-label={w.list.recent}>
      <div className="line apart">
        <h2>{w.list.recent}</h2>
        {isOpen ? null : (
          <Button size="xs" variant="default" onClick={() => setIsOpen(true)}>
            {w.list.showRecent}
          </Button>
        )}
      </div>
      {!isOpen ? null : error !== null ? (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <p className="soft">{w.act.loading}</p>
      ) : data.rows.length === 0 ? (
        <p className="soft">{w.list.noRecent}</p>
      ) : (
        <ul className={styles["changes"]}>
          {data.rows.map((row) => (
            <li key={row.customerNo}>
              <Link to="/customers/$customerNo" params={{ customerNo: String(row.customerNo) }}>
                {textOf(row.values["fullName"]) ?? w.customers.ofNumber(row.customerNo)}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
