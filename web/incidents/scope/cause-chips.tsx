import { Button } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { ScopeCause } from "#shared/incident-scope.ts";
import { CauseDialog } from "#web/incidents/scope/cause-dialog.tsx";
import { useCauseWords } from "#web/incidents/scope/cause-words.ts";
import styles from "#web/incidents/scope/scope.module.css";
import { useWords } from "#web/words/words.ts";

/** The causes of an incident as chips: a click changes one, the cross takes it out. */
export function CauseChips({ causes, onChange }: { causes: readonly ScopeCause[]; onChange: (causes: readonly ScopeCause[]) => void }) {
  const { w } = useWords();
  const words = w.incidentScope;
  const say = useCauseWords();
  const [editing, setEditing] = useState<number | "new" | null>(null);
  const edited = typeof editing === "number" ? causes[editing] : undefined;
  return (
    <section className="column tight">
      <h3>{words.causes}</h3>
      {causes.length === 0 ? <p className="soft">{words.noCauses}</p> : null}
      <ul className={styles["causes"]} aria-label={words.causes}>
        {causes.map((cause, at) => (
          <li key={`${at}:${say(cause)}`} className={styles["cause"]}>
            <button type="button" title={words.changeCause} onClick={() => setEditing(at)}>
              {say(cause)}
            </button>
            <button
              type="button"
              className={styles["drop"]}
              aria-label={words.removeCause(say(cause))}
              onClick={() => onChange(causes.filter((_, index) => index !== at))}
            >
              <IconX size={14} aria-hidden />
            </button>
          </li>
        ))}
        <li>
          <Button variant="default" size="xs" h={34} leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setEditing("new")}>
            {words.addCause}
          </Button>
        </li>
      </ul>
      {editing === null ? null : (
        <CauseDialog
          {...(edited === undefined ? {} : { cause: edited })}
          onClose={() => setEditing(null)}
          onDone={(cause) => {
            onChange(edited === undefined ? [...causes, cause] : causes.map((one, at) => (at === editing ? cause : one)));
            setEditing(null);
          }}
        />
      )}
    </section>
  );
}
