import { Button } from "@mantine/core";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { Shown } from "#shared/shown.ts";
import type { Clash } from "#web/customers/compare-edits.ts";
import { isPlace, PlaceValue, usePlaceNames } from "#web/customers/places.tsx";
import styles from "#web/customers/conflict-view.module.css";
import { useAllFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/**
 * Two people changed the same record: what stood there, theirs and mine, field by field. Arrow keys change a choice, Tab goes
 * on to the next field, Ctrl+Enter saves.
 */
export function ConflictView({
  kind = "customer",
  clashes,
  theirsOnly,
  newest,
  isBusy,
  onSave,
  onCancel,
}: {
  kind?: "customer" | "company";
  clashes: readonly Clash[];
  theirsOnly: readonly string[];
  /** What stands now. */
  newest: { readonly values: Readonly<Record<string, Shown>> };
  isBusy: boolean;
  /** Receives the fields in which the other's value stays. */
  onSave: (dropped: ReadonlySet<string>) => void;
  onCancel: () => void;
}) {
  const { w, label } = useWords();
  const fields = useAllFields(kind);
  const placeNames = usePlaceNames();
  const nameOf = (key: string) => {
    if (isPlace(key)) return placeNames[key];
    const field = fields.find((one) => one.key === key);
    return field === undefined ? key : label(field);
  };
  const [dropped, setDropped] = useState<ReadonlySet<string>>(new Set());
  const view = useRef<HTMLElement>(null);
  useEffect(() => {
    (view.current?.querySelector<HTMLElement>("input[type=radio]:checked") ?? view.current?.querySelector<HTMLElement>("button"))?.focus();
  }, []);
  const choose = (field: string, isTheirs: boolean) => {
    const next = new Set(dropped);
    if (isTheirs) next.add(field);
    else next.delete(field);
    setDropped(next);
  };
  return (
    <section
      ref={view}
      className="column"
      aria-label={w.person.conflictTitle}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSave(dropped);
      }}
    >
      <div>
        <h2>{w.person.conflictTitle}</h2>
        <p className="soft">
          {w.person.conflictLead} {clashes.length === 0 ? null : w.activities.compared(clashes.length)}
        </p>
      </div>
      {clashes.length < 2 ? null : (
        <div className="line">
          <Button size="xs" variant="default" onClick={() => setDropped(new Set(clashes.map(({ field }) => field)))}>
            {w.activities.allTheirs}
          </Button>
          <Button size="xs" variant="default" onClick={() => setDropped(new Set())}>
            {w.activities.allMine}
          </Button>
        </div>
      )}
      <div className={styles["fields"]}>
        {clashes.map(({ field, base, mine, theirs }) => (
          <fieldset key={field} role="radiogroup" aria-label={nameOf(field)} className={styles["field"]}>
            <legend>{nameOf(field)}</legend>
            <div className={styles["ways"]}>
              <div className={styles["way"]} data-base>
                <span className={styles["name"]}>{w.activities.base}</span>
                <Stated of={field} shown={base} />
              </div>
              <Way group={field} name={w.person.theirs} isChosen={dropped.has(field)} onChoose={() => choose(field, true)}>
                <Stated of={field} shown={theirs} />
              </Way>
              <Way group={field} name={w.person.mine} isChosen={!dropped.has(field)} onChoose={() => choose(field, false)}>
                <Stated of={field} shown={mine} />
              </Way>
            </div>
          </fieldset>
        ))}
      </div>
      {theirsOnly.length === 0 ? null : (
        <div>
          <h3>{w.person.theirsOnly}</h3>
          <ul>
            {theirsOnly.map((field) => (
              <li key={field}>
                {nameOf(field)}: <Stated of={field} shown={newest.values[field]} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="line">
        <Button loading={isBusy} onClick={() => onSave(dropped)}>
          {w.person.saveChosen}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {w.act.cancel}
        </Button>
      </div>
    </section>
  );
}

/** The value of a field, or a place by its name. */
function Stated({ of, shown }: { of: string; shown: Shown | undefined }) {
  if (isPlace(of)) return <PlaceValue place={of} text={typeof shown === "string" ? shown : null} />;
  return <Value shown={shown} isBare />;
}

function Way({ group, name, isChosen, onChoose, children }: { group: string; name: string; isChosen: boolean; onChoose: () => void; children: ReactNode }) {
  return (
    <label className={styles["way"]}>
      <span className={styles["name"]}>
        <input type="radio" name={`clash-${group}`} checked={isChosen} onChange={onChoose} />
        {name}
      </span>
      {children}
    </label>
  );
}
