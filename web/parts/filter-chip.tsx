import { Popover, TextInput } from "@mantine/core";
import { IconCheck, IconChevronDown, IconX } from "@tabler/icons-react";
import { useState } from "react";
import styles from "#web/parts/filter-chip.module.css";
import { useWords } from "#web/words/words.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
}
const shownAtMost = 60;

/** A filter above a table: its name, what is chosen, and a list to choose from. `null` is no filter. */
export function FilterChip({
  label,
  choices,
  value,
  onChange,
}: {
  label: string;
  choices: readonly Choice[];
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  const { w } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  const [narrow, setNarrow] = useState("");
  const chosen = choices.find((choice) => choice.value === value);
  const fitting = choices.filter((choice) => choice.label.includes(narrow.trim())).slice(0, shownAtMost);
  const choose = (next: string | null) => {
    setIsOpen(false);
    setNarrow("");
    onChange(next);
  };
  return (
    <span className={styles["filter"]} data-set={value !== null || undefined}>
      <Popover opened={isOpen} onChange={setIsOpen} position="bottom-start" width={260} trapFocus returnFocus>
        <Popover.Target>
          <button type="button" className={styles["name"]} onClick={() => setIsOpen(!isOpen)}>
            {value === null ? label : `${label}: ${chosen?.label ?? value}`}
            {value === null ? <IconChevronDown size={14} aria-hidden /> : null}
          </button>
        </Popover.Target>
        <Popover.Dropdown p={4}>
          {choices.length > 8 ? (
            <TextInput
              size="xs"
              aria-label={w.customers.narrow}
              placeholder={w.customers.narrow}
              value={narrow}
              onChange={(event) => setNarrow(event.currentTarget.value)}
              mb={4}
              data-autofocus
            />
          ) : null}
          <ul className={styles["choices"]}>
            {fitting.map((choice) => (
              <li key={choice.value}>
                <button type="button" aria-pressed={choice.value === value} onClick={() => choose(choice.value === value ? null : choice.value)}>
                  {choice.label}
                  {choice.value === value ? <IconCheck size={14} aria-hidden /> : null}
                </button>
              </li>
            ))}
          </ul>
        </Popover.Dropdown>
      </Popover>
      {value === null ? null : (
        <button type="button" className={styles["clear"]} aria-label={`${label} ${w.act.clear}`} onClick={() => choose(null)}>
          <IconX size={14} aria-hidden />
        </button>
      )}
    </span>
  );
}
