import { Popover } from "@mantine/core";
import styles from "#web/parts/why.module.css";
import { useWords } from "#web/words/words.ts";

/** The quiet question beside what is missing, answered with the reason and the next step. */
export function Why({ children }: { children: string }) {
  const { w } = useWords();
  return (
    <Popover width={320} position="bottom-start" withinPortal>
      <Popover.Target>
        <button type="button" className={styles["why"]}>
          {w.why.ask}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <p className="small">{children}</p>
      </Popover.Dropdown>
    </Popover>
  );
}
