import { useEffect, type ReactNode } from "react";
import styles from "#web/parts/page-head.module.css";
import { useWords } from "#web/words/words.ts";

/** The head of a screen. The document's title names the screen and never a person. */
export function PageHead({ title, lead, marks, children }: { title: string; lead?: ReactNode; marks?: ReactNode; children?: ReactNode }) {
  return (
    <header className={styles["head"]}>
      <div className={styles["words"]}>
        <div className="line">
          <h1>{title}</h1>
          {marks}
        </div>
        {lead === undefined ? null : <p className="soft">{lead}</p>}
      </div>
      {children === undefined ? null : <div className="line">{children}</div>}
    </header>
  );
}

export function useDocumentTitle(screen: string): void {
  const { w } = useWords();
  useEffect(() => {
    document.title = `${screen} - ${w.product}`;
  }, [screen, w]);
}
