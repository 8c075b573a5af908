import { Button, Radio } from "@mantine/core";
import { useState } from "react";
import type { Clash } from "#web/customers/compare-edits.ts";
import type { Customer } from "#web/customers/use-customer.ts";
import { useFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** Two people changed the same customer: theirs and mine, field by field. */
export function ConflictView({
  clashes,
  theirsOnly,
  newest,
  isBusy,
  onSave,
  onCancel,
}: {
  clashes: readonly Clash[];
  theirsOnly: readonly string[];
  newest: Customer;
  isBusy: boolean;
  /** Receives the fields in which the other's value stays. */
  onSave: (dropped: ReadonlySet<string>) => void;
  onCancel: () => void;
}) {
  const { w, label } = useWords();
  const fields = useFields("customer");
  const nameOf = (key: string) => {
    const field = fields.find((one) => one.key === key);
    return field === undefined ? key : label(field);
  };
  const [dropped, setDropped] = useState<ReadonlySet<string>>(new Set());
  const choose = (field: string, isTheirs: boolean) => {
    const next = new Set(dropped);
    if (isTheirs) next.add(field);
    else next.delete(field);
    setDropped(next);
  };
  return (
    <section className="column" aria-label={w.person.conflictTitle}>
      <div>
        <h2>{w.person.conflictTitle}</h2>
        <p className="soft">{w.person.conflictLead}</p>
      </div>
      {clashes.map(({ field, mine, theirs }) => (
        <Radio.Group key={field} label={nameOf(field)} value={dropped.has(field) ? "theirs" : "mine"} onChange={(choice) => choose(field, choice === "theirs")}>
          <div className="column tight">
            <Radio
              value="theirs"
              label={
                <>
                  {w.person.theirs}: <Value shown={theirs} isBare />
                </>
              }
            />
            <Radio
              value="mine"
              label={
                <>
                  {w.person.mine}: <Value shown={mine} isBare />
                </>
              }
            />
          </div>
        </Radio.Group>
      ))}
      {theirsOnly.length === 0 ? null : (
        <div>
          <h3>{w.person.theirsOnly}</h3>
          <ul>
            {theirsOnly.map((field) => (
              <li key={field}>
                {nameOf(field)}: <Value shown={newest.values[field]} isBare />
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
