import { IconBuilding, IconFileText, IconSettings, IconUser, IconUserCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "#web/parts/chip.module.css";
import { textOf, useStaff } from "#web/parts/use-directory.ts";
import { useShow, type Peek } from "#web/parts/use-peek.ts";
import { useWords } from "#web/words/words.ts";

const icons = { customer: IconUser, company: IconBuilding, account: IconUserCircle, event: IconFileText } as const;

/** A person, a company, an account or an event: the same chip everywhere, opening the same preview. */
function Chip({ kind, no, children }: Peek & { children: ReactNode }) {
  const show = useShow();
  const Icon = icons[kind];
  return (
    <button
      type="button"
      className={styles["chip"]}
      onClick={(event) => {
        event.stopPropagation();
        show({ kind, no });
      }}
    >
      <Icon size={14} aria-hidden />
      <span>{children}</span>
    </button>
  );
}

export function CustomerChip({ no, name }: { no: number; name?: string | undefined }) {
  const { w } = useWords();
  return (
    <Chip kind="customer" no={no}>
      {name ?? w.customers.ofNumber(no)}
    </Chip>
  );
}

export function CompanyChip({ no, name }: { no: number; name?: string | undefined }) {
  const { w } = useWords();
  return (
    <Chip kind="company" no={no}>
      {name ?? w.companies.ofNumber(no)}
    </Chip>
  );
}

/** A member of staff by number; `null` is the system itself, or `nobody`: someone before sign-in. */
export function AccountChip({ no, nobody }: { no: number | null; nobody?: string | undefined }) {
  const { w } = useWords();
  const staff = useStaff();
  if (no === null) {
    return (
      <span className={styles["still"]}>
        {nobody === undefined ? <IconSettings size={14} aria-hidden /> : null} {nobody ?? w.ledger.system}
      </span>
    );
  }
  return <NamedAccountChip no={no} name={textOf(staff.get(no))} />;
}

/** The same where the name is at hand: in each row of a list. */
export function NamedAccountChip({ no, name }: { no: number; name: string | undefined }) {
  const { w } = useWords();
  return (
    <Chip kind="account" no={no}>
      {name ?? w.settings.ofNumber(no)}
    </Chip>
  );
}

export function EventChip({ no, children }: { no: number; children: ReactNode }) {
  return (
    <Chip kind="event" no={no}>
      {children}
    </Chip>
  );
}
