import { ActionIcon, Button, Checkbox, Modal, SegmentedControl } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useRef } from "react";
import { defaultColumns, densities, type ListLayout } from "#shared/working-list.ts";
import { usePlainColumns } from "#web/customers/customer-row.tsx";
import styles from "#web/customers/column-dialog.module.css";
import { useFields } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

/** Which columns stand in the list, in which order, and how high its rows are. Every change shows at once. */
export function ColumnDialog({
  isOpen,
  onClose,
  layout,
  columns,
  onColumns,
  onArrange,
}: {
  isOpen: boolean;
  onClose: () => void;
  layout: ListLayout;
  /** The columns in sight: one's own, or those of a saved view. */
  columns: readonly string[];
  onColumns: (columns: readonly string[]) => void;
  onArrange: (part: Partial<ListLayout>) => void;
}) {
  const { w, label } = useWords();
  const plain = usePlainColumns();
  const fields = useFields("customer").filter((field) => field.mayRead);
  const list = useRef<HTMLUListElement>(null);
  const nameOf = (key: string): string | undefined => {
    const field = fields.find((one) => one.key === key);
    return plain.get(key)?.label ?? (field === undefined ? undefined : label(field));
  };
  const shown = columns.filter((key) => nameOf(key) !== undefined);
  const hidden = [...plain.keys(), ...fields.map((field) => field.key)].filter((key) => !shown.includes(key));
  const toggle = (key: string) => onColumns(shown.includes(key) ? shown.filter((one) => one !== key) : [...shown, key]);
  const move = (key: string, by: 1 | -1) => {
    const at = shown.indexOf(key);
    const to = at + by;
    if (at < 0 || to < 0 || to >= shown.length) return;
    onColumns(shown.with(at, shown[to] as string).with(to, key));
  };
  const focus = (by: 1 | -1) => {
    const boxes = [...(list.current?.querySelectorAll<HTMLInputElement>("input[type=checkbox]") ?? [])];
    const at = boxes.findIndex((box) => box === document.activeElement);
    boxes[Math.max(0, Math.min(boxes.length - 1, at + by))]?.focus();
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={w.list.columnsTitle} size="sm" closeButtonProps={{ "aria-label": w.act.close }}>
      <div className="column tight">
        <p className="small soft">{w.list.columnsHelp}</p>
        <ul ref={list} className={styles["columns"]}>
          {[...shown, ...hidden].map((key, place) => {
            const name = nameOf(key) ?? key;
            const isShown = place < shown.length;
            return (
              <li
                key={key}
                onKeyDown={(event) => {
                  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
                  event.preventDefault();
                  const by = event.key === "ArrowDown" ? 1 : -1;
                  if (event.altKey) move(key, by);
                  else focus(by);
                }}
              >
                <Checkbox size="xs" label={name} checked={isShown} onChange={() => toggle(key)} />
                {isShown ? (
                  <span className={styles["moves"]}>
                    <ActionIcon size="sm" aria-label={w.list.columnUp(name)} disabled={place === 0} onClick={() => move(key, -1)}>
                      <IconChevronUp size={15} />
                    </ActionIcon>
                    <ActionIcon size="sm" aria-label={w.list.columnDown(name)} disabled={place === shown.length - 1} onClick={() => move(key, 1)}>
                      <IconChevronDown size={15} />
                    </ActionIcon>
                  </span>
                ) : null}
              </li>
            );
          })}
        </ul>
        <div className="line apart">
          <SegmentedControl
            size="xs"
            aria-label={w.list.density}
            value={layout.density}
            data={densities.map((one) => ({ value: one, label: w.list.densities[one] }))}
            onChange={(value) => onArrange({ density: densities.find((one) => one === value) ?? "comfortable" })}
          />
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              onArrange({ widths: {} });
              onColumns(defaultColumns);
            }}
          >
            {w.list.reset}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
