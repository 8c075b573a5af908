import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { IconMail, IconMap2, IconPhone } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { Purpose } from "#shared/rights.ts";
import type { Shown } from "#shared/shown.ts";
import { typeOfWay, useValue as endpoint, ways, type Way } from "#shared/uses.ts";
import { call } from "#web/call.ts";
import { PurposeQuestion, useMatter } from "#web/customers/use-reveal.tsx";
import styles from "#web/customers/use-value.module.css";
import type { Customer } from "#web/customers/use-customer.ts";
import { hrefOf } from "#web/parts/href-of.ts";
import { sentenceOf, tellRefusal } from "#web/parts/problem-notice.tsx";
import { useFields, type Field } from "#web/parts/use-directory.ts";
import { useMay } from "#web/parts/use-me.ts";
import { Why } from "#web/parts/why.tsx";
import { useWords } from "#web/words/words.ts";

const icons = { call: IconPhone, mail: IconMail, map: IconMap2 } as const;
const fieldWords = { call: "callField", mail: "mailField", map: "mapField" } as const;

export interface Uses {
  /** Ways in which the value of a field can be used here and now. */
  readonly wayOf: (field: Field) => Way | undefined;
  readonly use: (field: string, way: Way) => void;
  /** The first fitting field that has a value: for one key and one button. */
  readonly first: (way: Way) => Field | undefined;
  readonly isBusy: boolean;
  /** Why nothing can be used, where the person's data are suspended. */
  readonly isSuspended: boolean;
  /** The question for the purpose, to stand anywhere on the screen. */
  readonly dialog: ReactNode;
}

/** What is handed on is never rendered, cached or kept: it lives as long as this function. */
function handOn(way: Way, target: string, tab: Window | null): boolean {
  if (way !== "map") {
    window.location.href = hrefOf(way, target);
    return true;
  }
  if (tab === null) return false;
  tab.location.href = hrefOf(way, target);
  return true;
}

/** A tab has to be opened by the click itself; what it shows comes later. It cannot reach back. */
function openTab(way: Way): Window | null {
  const tab = way === "map" ? window.open("", "_blank") : null;
  if (tab !== null) tab.opener = null;
  return tab;
}

/** Calls, writes to and looks up a customer by values that stay masked. `revealed` are those that just now are not. */
export function useUses(customerNo: number, customer: Customer | undefined, revealed: Readonly<Record<string, Shown>> = {}): Uses {
  const spoken = useWords();
  const { w } = spoken;
  const mayContact = useMay()("contact");
  const matter = useMatter(customerNo);
  const fields = useFields("customer");
  const navigate = useNavigate();
  const [asking, setAsking] = useState<{ field: string; way: Way } | null>(null);
  const [pending, setPending] = useState<Purpose | null>(null);
  const [error, setError] = useState<Error | null>(null);

  const shownOf = (key: string): Shown | undefined => revealed[key] ?? customer?.values[key];
  const wayOf = (field: Field): Way | undefined => {
    const way = ways.find((one) => typeOfWay[one] === field.type);
    const shown = shownOf(field.key);
    const hasValue = shown !== undefined && shown !== null && shown !== "" && (typeof shown === "string" || "masked" in shown);
    return mayContact && customer?.state === "active" && !customer.isSuspended && hasValue && field.key !== "fax" ? way : undefined;
  };
  const after = (way: Way) => {
    const id = `used-${way}-${customerNo}`;
    // The same once more: what was said of the last one is over.
    notifications.hide(id);
    notifications.show({
      id,
      message: (
        <span className="line apart">
          {way === "call" ? w.uses.called : way === "mail" ? w.uses.mailed : w.uses.mapped}
          {way === "map" || customer?.may.write !== true ? null : (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                notifications.hide(id);
                void navigate({ to: `/customers/${customerNo}`, search: { note: way } as never });
              }}
            >
              {w.uses.noteAfter}
            </Button>
          )}
        </span>
      ),
      autoClose: way === "map" ? 6_000 : 120_000,
    });
  };
  const run = async (field: string, way: Way, purpose: Purpose, tab: Window | null) => {
    setPending(purpose);
    setError(null);
    try {
      const { target } = await call(endpoint, { params: { customerNo }, body: { field, way, purpose } });
      matter.state(purpose);
      setAsking(null);
      if (typeof target !== "string") {
        tab?.close();
        notifications.show({ message: way === "map" ? w.uses.noTown : w.uses.empty });
      } else if (handOn(way, target, tab)) after(way);
      else notifications.show({ message: w.uses.blocked, color: "red" });
    } catch (refused) {
      tab?.close();
      if (asking === null) notifications.show({ message: tellRefusal(refused, spoken), color: "red" });
      else setError(refused as Error);
    } finally {
      setPending(null);
    }
  };
  const use = (field: string, way: Way) => {
    const shown = shownOf(field);
    if (typeof shown === "string" && way !== "map") {
      handOn(way, shown, null);
      after(way);
      return;
    }
    const purpose = matter.purpose();
    if (purpose === undefined) setAsking({ field, way });
    else void run(field, way, purpose, openTab(way));
  };
  return {
    wayOf,
    use,
    // A mobile number reaches the person, the other one the office.
    first: (way) => fields.filter((field) => wayOf(field) === way).toSorted((a, b) => Number(b.key === "mobile") - Number(a.key === "mobile"))[0],
    isBusy: pending !== null,
    isSuspended: mayContact && customer?.isSuspended === true,
    dialog: (
      <PurposeQuestion
        title={w.uses.purpose}
        isOpen={asking !== null}
        error={error}
        pending={pending}
        onChoose={(purpose) => asking !== null && void run(asking.field, asking.way, purpose, openTab(asking.way))}
        onClose={() => {
          setAsking(null);
          setError(null);
        }}
      />
    ),
  };
}

/** The keys of a screen that shows one person. */
export function keysOf(uses: Uses): Readonly<Record<"c" | "m", () => void>> {
  const start = (way: Way) => () => {
    const field = uses.first(way);
    if (field !== undefined && !uses.isBusy) uses.use(field.key, way);
  };
  return { c: start("call"), m: start("mail") };
}

/** One icon beside a value. */
export function UseIcon({ field, uses }: { field: Field; uses: Uses }) {
  const { w, label } = useWords();
  const way = uses.wayOf(field);
  if (way === undefined) return null;
  const Icon = icons[way];
  const sentence = w.uses[fieldWords[way]](label(field));
  return (
    <button type="button" className={styles["icon"]} title={sentence} aria-label={sentence} disabled={uses.isBusy} onClick={() => uses.use(field.key, way)}>
      <Icon size={16} aria-hidden />
    </button>
  );
}

/** Call, mail and map of a person, each by one key or one thumb. */
export function UseActs({ uses, size = "sm", children }: { uses: Uses; size?: "xs" | "sm"; children?: ReactNode }) {
  const spoken = useWords();
  const { w, label } = spoken;
  const known = ways.flatMap((way) => {
    const field = uses.first(way);
    return field === undefined ? [] : [{ way, field }];
  });
  if (known.length === 0 && children === undefined && !uses.isSuspended) return null;
  return (
    <div className={styles["acts"]} role="group" aria-label={w.uses.acts}>
      {uses.isSuspended ? (
        <span className="small soft">
          {spoken.list([w.uses.call, w.uses.mail, w.uses.map])} <Why article="suspension-erasure">{sentenceOf("use-suspended", spoken)}</Why>
        </span>
      ) : null}
      {known.map(({ way, field }) => {
        const Icon = icons[way];
        return (
          <Button
            key={way}
            className={styles["act"] ?? ""}
            size={size}
            variant="default"
            leftSection={<Icon size={16} aria-hidden />}
            title={w.uses[fieldWords[way]](label(field))}
            disabled={uses.isBusy}
            onClick={() => uses.use(field.key, way)}
          >
            {w.uses[way]}
          </Button>
        );
      })}
      {children}
    </div>
  );
}
