import type { ReactNode } from "react";
import styles from "#web/parts/empty-state.module.css";

/** Nothing is here: why, and the one act that helps. */
export function EmptyState({ title, help, action, as: Heading = "h2" }: { title: string; help?: string; action?: ReactNode; as?: "h1" | "h2" }) {
  return (
    <div className={styles["empty"]}>
      <svg
        viewBox="0 0 64 48"
        width="64"
        height="48"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      >
        <path d="M4 22 32 6l28 16M12 18v26h40V18M26 44V30a6 6 0 0 1 12 0v14M22 24h20M8 44h48" />
      </svg>
      <Heading>{title}</Heading>
      {help === undefined ? null : <p className="soft">{help}</p>}
      {action}
    </div>
  );
}
