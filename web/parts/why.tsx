import { Popover } from "@mantine/core";
import type { ReactNode } from "react";
import { useState } from "react";
import type { ArticleSlug } from "#web/help/article-order.ts";
import { useHelp } from "#web/help/use-help.ts";
import styles from "#web/parts/why.module.css";
import { useWords } from "#web/words/words.ts";

/** The quiet question beside what is missing, answered with the reason and the next step, and where to read more. */
export function Why({ children, article }: { children: ReactNode; article?: ArticleSlug }) {
  const { w } = useWords();
  const openHelp = useHelp();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover width={320} position="bottom-start" withinPortal opened={isOpen} onChange={setIsOpen}>
      <Popover.Target>
        <button type="button" className={styles["why"]} onClick={() => setIsOpen(!isOpen)}>
          {w.why.ask}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="column tight small">
          {typeof children === "string" ? <p>{children}</p> : children}
          {article === undefined || openHelp === undefined ? null : (
            <p>
              <button
                type="button"
                className={styles["read"]}
                onClick={() => {
                  setIsOpen(false);
                  openHelp(article);
                }}
              >
                {w.help.read}
              </button>
            </p>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
