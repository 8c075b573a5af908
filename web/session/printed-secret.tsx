import { Button } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import styles from "#web/session/printed-secret.module.css";
import { useWords } from "#web/words/words.ts";

/** Something shown once and kept on paper. */
export function PrintedSecret({ lines }: { lines: readonly string[] }) {
  const { w } = useWords();
  return (
    <div className="column">
      <ul className={styles["lines"]} data-many={lines.length > 1 || undefined}>
        {lines.map((line) => (
          <li key={line}>
            <code>{line}</code>
          </li>
        ))}
      </ul>
      <div data-screen-only>
        <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
          {w.act.print}
        </Button>
      </div>
    </div>
  );
}
