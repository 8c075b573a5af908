import { notifications } from "@mantine/notifications";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import styles from "#web/measures/measures.module.css";
import { useMay } from "#web/parts/use-me.ts";
import { useStanding } from "#web/parts/use-standing.ts";
import { useWords } from "#web/words/words.ts";

/** Where one goes on working while nothing else is changed. */
const isOpenWhileReadOnly = (path: string): boolean => /^\/(measures|incidents|approvals)(\/|$)/.test(path);

/** What is in force, above everything; and while nothing may be changed no form is sent, what is typed in it stays. */
export function StandingBar() {
  const { w } = useWords();
  const words = w.measures.bars;
  const may = useMay();
  const { readOnly, exportsHeld, stopped } = useStanding();
  const { pathname } = useLocation();
  const holds = readOnly && !isOpenWhileReadOnly(pathname);
  useEffect(() => {
    if (!holds) return;
    const refuse = (event: SubmitEvent) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      notifications.show({ id: "read-only", message: words.readOnly, color: "yellow" });
    };
    document.documentElement.dataset["readOnly"] = "";
    window.addEventListener("submit", refuse, { capture: true });
    return () => {
      delete document.documentElement.dataset["readOnly"];
      window.removeEventListener("submit", refuse, { capture: true });
    };
  }, [holds, words]);
  const said = [
    stopped === "for-others" ? words.stopped : undefined,
    readOnly ? words.readOnly : undefined,
    exportsHeld ? words.exportsHeld : undefined,
  ].filter((one) => one !== undefined);
  if (said.length === 0) return null;
  return (
    <div role="status" className={styles["bar"]} data-tone={stopped === null ? undefined : "stopped"} data-screen-only>
      {said.map((one) => (
        <span key={one}>{one}</span>
      ))}
      {may("take-measures") ? <Link to="/measures">{words.see}</Link> : null}
    </div>
  );
}
