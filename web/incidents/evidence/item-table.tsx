import { ActionIcon, Button, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import type { EvidenceItem } from "#shared/evidence.ts";
import styles from "#web/incidents/evidence/evidence.module.css";
import { ItemDialog } from "#web/incidents/evidence/item-dialog.tsx";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** Items of evidence with their hashes; one opens into who had it in hand. */
export function ItemTable({ items, label }: { items: readonly EvidenceItem[]; label: string }) {
  const { w } = useWords();
  const words = w.evidence;
  const [opened, setOpened] = useState<{ readonly itemNo: number; readonly opening: number }>();
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={label}>
      <table className={`plain-table ${styles["items"] ?? ""}`} data-stacks>
        <thead>
          <tr>
            <th scope="col">{words.items}</th>
            <th scope="col" className={styles["size"]}>
              {words.size}
            </th>
            <th scope="col">{words.hash}</th>
            <th scope="col">{words.takenAt}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">
              <VisuallyHidden>{words.open}</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.itemNo}>
              <td>
                <span className="soft number">No. {item.itemNo}</span> {words.kinds[item.kind]}{" "}
                {item.fileName === null ? null : <Value shown={item.fileName} isBare />}
              </td>
              <td className={`number ${styles["size"] ?? ""}`}>{words.bytes(item.bytes)}</td>
              <td>
                <Hash sha256={item.sha256} itemNo={item.itemNo} />
              </td>
              <td>
                <span className="line">
                  <At iso={item.takenAt} form="short" />
                  {item.takenBy === null ? <span className="soft small">{words.system}</span> : <AccountChip no={item.takenBy} />}
                </span>
              </td>
              <td>
                {item.verified === null ? (
                  <span className="soft small">{words.notVerified}</span>
                ) : (
                  <Mark tone={item.verified.holds ? "act" : "loss"}>{item.verified.holds ? words.verified : words.changed}</Mark>
                )}
              </td>
              <td>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${words.open} ${item.acts}: No. ${item.itemNo} ${words.kinds[item.kind]}`}
                  onClick={() => setOpened({ itemNo: item.itemNo, opening: Date.now() })}
                >
                  {words.open} {item.acts}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {opened === undefined ? null : <ItemDialog itemNo={opened.itemNo} opening={opened.opening} onClose={() => setOpened(undefined)} />}
    </div>
  );
}

/** The beginning of a hash; the whole of it is what is copied. */
export function Hash({ sha256, itemNo }: { sha256: string; itemNo: number }) {
  const { w } = useWords();
  const words = w.evidence;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(sha256);
    notifications.show({ message: words.hashCopied });
  };
  return (
    <span className={styles["hash"]} title={sha256}>
      {sha256.slice(0, 12)}…
      <ActionIcon variant="subtle" size="sm" aria-label={`${words.copyHash}: No. ${itemNo}`} onClick={() => void copy()}>
        <IconCopy size={14} />
      </ActionIcon>
    </span>
  );
}
