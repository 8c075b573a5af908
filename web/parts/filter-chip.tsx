import { Popover, TextInput } from "@mantine/core";
import { IconCheck, IconChevronDown, IconX } from "@tabler/icons-react";
import { useState } from "react";
import styles from "#web/parts/filter-chip.module.css";
import { formatNumber } from "#web/words/format.ts";
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
  counts,
  onOpen,
}: {
  label: string;
  choices: readonly Choice[];
  value: string | null;
  onChange: (value: string | null) => void;
  /** How many each choice would leave, once they are known. */
  counts?: ReadonlyMap<string, number> | undefined;
  onOpen?: (() => void) | undefined;
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
          <button
            type="button"
            className={styles["name"]}
            onClick={() => {
              if (!isOpen) onOpen?.();
              setIsOpen(!isOpen);
            }}
          >
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
                <button
                  type="button"
                  aria-pressed={choice.value === value}
                  aria-description={counts === undefined ? undefined : w.list.people(counts.get(choice.value) ?? 0)}
                  onClick={() => choose(choice.value === value ? null : choice.value)}
                >
                  <span className={styles["label"]}>{choice.label}</span>
                  {onOpen === undefined ? null : (
                    <span className={styles["count"]} aria-hidden>
                      {counts === undefined ? "" : formatNumber(counts.get(choice.value) ?? 0)}
                    </span>
                  )}
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
