import { IconMail, IconPhone } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { FieldChoice, FieldType } from "#shared/fields.ts";
import { spellValue } from "#shared/read-value.ts";
import type { Shown } from "#shared/shown.ts";
import styles from "#web/parts/value.module.css";
import { hrefOf } from "#web/parts/href-of.ts";
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
  reach,
  choices,
}: {
  shown: Shown | undefined;
  type?: FieldType;
  label?: string;
  onReveal?: (() => void) | undefined;
  /** In tables and lists: no links, no explanations. */
  isBare?: boolean;
  /** What a value can be used for, beside it; in the place of the plain links of a full one. */
  reach?: ReactNode;
  /** The answers of a choice, to be read in one's own language. */
  choices?: readonly FieldChoice[];
}) {
  const { w, language } = useWords();
  if (shown === undefined || shown === null || shown === "") return <span className={styles["nothing"]}>–</span>;
  if (typeof shown === "string") {
    return (
      <span className={styles["full"]} data-personal data-type={type} {...eraOf(shown, type)}>
        {type === "url" && !isBare ? (
          <WebLink address={shown} />
        ) : type === undefined ? (
          shown
        ) : type === "number" ? (
          groupDigits(shown)
        ) : (
          spellValue({ type, choices: choices ?? [] }, shown, language)
        )}
        {reach !== undefined ? reach : !isBare && (type === "phone" || type === "mail") ? <Reach value={shown} type={type} /> : null}
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
            <Why article="roles">{w.why.hidden}</Why>
          </>
        )}
      </span>
    );
  }
  if (onReveal === undefined) {
    return (
      <span className={styles["masked"]}>
        {shown.masked}
        {reach}
        {isBare ? null : (
          <>
            {" "}
            <Why article="masks">{w.why.noReveal}</Why>
          </>
        )}
      </span>
    );
  }
  return (
    <>
      <button
        type="button"
        className={styles["reveal"]}
        onClick={onReveal}
        title={w.person.revealHint}
        aria-label={`${label ?? ""} ${shown.masked} ${w.person.reveal}`.trim()}
      >
        {shown.masked}
      </button>
      {reach}
    </>
  );
}

/** 1234567.5 → 1,234,567.5 */
function groupDigits(value: string): string {
  const [whole = "", part] = value.split(".");
  return whole.replace(/\B(?=(?:\d{3})+$)/g, ",") + (part === undefined ? "" : `.${part}`);
}

/** Opens apart, and the other side does not learn where from. Anything that is not of the web stays text. */
function WebLink({ address }: { address: string }) {
  if (!/^https?:\/\//.test(address)) return address;
  return (
    <a href={address} target="_blank" rel="noreferrer noopener">
      {address}
    </a>
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
    <a className={styles["reach"]} href={hrefOf(isPhone ? "call" : "mail", value)} rel="noreferrer" aria-label={isPhone ? w.person.call : w.person.write}>
      {isPhone ? <IconPhone size={15} aria-hidden /> : <IconMail size={15} aria-hidden />}
    </a>
  );
}
