import { IconMail, IconPhone } from "@tabler/icons-react";
import type { FieldType } from "#shared/fields.ts";
import type { Shown } from "#shared/shown.ts";
import styles from "#web/parts/value.module.css";
import { Why } from "#web/parts/why.tsx";
import { formatEra } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

/**
 * A personal value as it was released: full, masked with its shape, hidden or empty. A masked one is a button when it
 * may be revealed.
 */
export function Value({
  shown,
  type,
  label,
  onReveal,
  isBare = false,
}: {
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
      <span className={styles["full"]} data-personal data-type={type} {...eraOf(shown, type)}>
        {shown}
        {!isBare && (type === "phone" || type === "mail") ? <Reach value={shown} type={type} /> : null}
      </span>
    );
  }
  if ("hidden" in shown) {
    return (
      <span className={styles["hidden"]}>
        •••
        {isBare ? null : (
          <>
            {" "}
            <Why>{w.why.hidden}</Why>
          </>
        )}
      </span>
    );
  }
  if (onReveal === undefined) {
    return (
      <span className={styles["masked"]}>
        {shown.masked}
        {isBare ? null : (
          <>
            {" "}
            <Why>{w.why.noReveal}</Why>
          </>
        )}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={styles["reveal"]}
      onClick={onReveal}
      title={w.person.revealHint}
      aria-label={`${label ?? ""} ${shown.masked} ${w.person.reveal}`.trim()}
    >
      {shown.masked}
    </button>
  );
}

/** 和暦 on demand, for dates. */
function eraOf(value: string, type: FieldType | undefined): { title?: string } {
  const day = type === "date" && /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(`${value}T00:00:00+09:00`) : undefined;
  return day === undefined || Number.isNaN(day.getTime()) ? {} : { title: formatEra(day) };
}

function Reach({ value, type }: { value: string; type: "phone" | "mail" }) {
  const { w } = useWords();
  const isPhone = type === "phone";
  return (
    <a
      className={styles["reach"]}
      href={isPhone ? `tel:${value.replaceAll(/[^\d+]/g, "")}` : `mailto:${value}`}
      rel="noreferrer"
      aria-label={isPhone ? w.person.call : w.person.write}
    >
      {isPhone ? <IconPhone size={15} aria-hidden /> : <IconMail size={15} aria-hidden />}
    </a>
  );
}
