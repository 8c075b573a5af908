import type { ReactNode } from "react";
import styles from "#web/parts/mark.module.css";

/** A short state beside a thing, always in words. `look` is amber, `loss` red, `plain` quiet. */
export function Mark({ tone = "plain", children }: { tone?: "plain" | "look" | "loss" | "act"; children: ReactNode }) {
  return (
    <span className={styles["mark"]} data-tone={tone}>
      {children}
    </span>
  );
}
