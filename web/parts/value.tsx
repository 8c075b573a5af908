import { IconMail, IconPhone } from "@tabler/icons-react";
import type { FieldType } from "#shared/fields.ts";
import type { Shown } from "#shared/shown.ts";
import styles from "#web/parts/value.module.css";
import { Why } from "#web/parts/why.tsx";
import { useWords } from "#web/words/words.ts";

/**
 * A personal value as it was released: full, masked with its shape, hidden or empty. A masked one is a button when it
 * may be revealed.
 */
export function Value({ shown, type, label, onReveal, isBare = false }: {
  shown: Shown | undefined;
  type?: FieldType;
  label?: string;
  onReveal?: (() => void) | undefined;
  /** In tables and lists: no links, no explanations. */
  isBare?: boolean;
}) {
  const { w } = useWords();
  if (shown === undefined || shown === null || shown === "") return <span className={styles["nothing"]}>–</span>;
  if (typeof shown === "string") {
    return (
      <span className={styles["full"]} data-personal data-type={type}>
        {shown}
        {!isBare && (type === "phone" || type === "mail") ? <Reach value={shown} type={type} /> : null}
      </span>
    );
  }
  if ("hidden" in shown) {
    return <span className={styles["hidden"]}>•••{isBare ? null : <> <Why>{w.why.hidden}</Why></>}</span>;
  }
  if (onReveal === undefined) {
    return (
      <span className={styles["masked"]}>
        {shown.masked}
        {isBare ? null : <> <Why>{w.why.noReveal}</Why></>}
      </span>
    );
  }
  return (
    <button type="button" className={styles["reveal"]} onClick={onReveal} title={w.person.revealHint} aria-label={`${label ?? ""} ${shown.masked} ${w.person.reveal}`.trim()}>
      {shown.masked}
    </button>
  );
}

function Reach({ value, type }: { value: string; type: "phone" | "mail" }) {
  const { w } = useWords();
  const isPhone = type === "phone";
  return (
    <a className={styles["reach"]} href={isPhone ? `tel:${value.replaceAll(/[^\d+]/g, "")}` : `mailto:${value}`} rel="noreferrer" aria-label={isPhone ? w.person.call : w.person.write}>
      {isPhone ? <IconPhone size={15} aria-hidden /> : <IconMail size={15} aria-hidden />}
    </a>
  );
}
