import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import styles from "#web/parts/side-panel.module.css";
import { useKeys } from "#web/parts/use-keys.ts";
import { useWords } from "#web/words/words.ts";

/** The one panel beside the work. Escape closes it; focus goes to it when it opens. */
export function SidePanel({ label, focusKey, onClose, children }: { label: string; focusKey: string; onClose: () => void; children: ReactNode }) {
  const { w } = useWords();
  const panel = useRef<HTMLElement>(null);
  useKeys({ Escape: onClose });
  useEffect(() => {
    if (window.matchMedia("(width < 1000px)").matches) panel.current?.focus();
  }, [focusKey]);
  return (
    <aside ref={panel} aria-label={label} tabIndex={-1} className={styles["panel"]}>
      <div className={styles["bar"]}>
        <span className="soft small">{label}</span>
        <ActionIcon aria-label={w.act.close} onClick={onClose}>
          <IconX size={18} />
        </ActionIcon>
      </div>
      <div className={styles["body"]}>{children}</div>
    </aside>
  );
}
