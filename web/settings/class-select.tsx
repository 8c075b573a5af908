import { NativeSelect } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { reclassEffect, reclassField } from "#shared/fields.ts";
import { fieldClasses, type FieldClass } from "#shared/rights.ts";
import { call } from "#web/call.ts";
import { Confirm } from "#web/parts/confirm.tsx";
import type { Field } from "#web/parts/use-directory.ts";
import { useFieldAct } from "#web/settings/use-field-act.ts";
import { useWords } from "#web/words/words.ts";

/** The class of a field. Before it is loosened, it says how many people more will read the field. */
export function ClassSelect({ field }: { field: Field }) {
  const { w, label } = useWords();
  const [asked, setAsked] = useState<{ to: FieldClass; gain: number } | null>(null);
  const params = { kind: field.kind as "customer" | "company", key: field.key };
  const reclass = useFieldAct(
    (to: FieldClass) => call(reclassField, { params, body: { class: to } }),
    () => {
      setAsked(null);
      notifications.show({ message: w.settings.resealing });
    },
  );
  const effect = useFieldAct(async (to: FieldClass) => {
    const { gain } = await call(reclassEffect, { params, query: { class: to } });
    setAsked({ to, gain });
  });
  const wanted = field.targetClass ?? field.class;
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={`${label(field)} ${w.settings.fieldClass}`}
        disabled={reclass.isPending || effect.isPending}
        value={wanted}
        data={fieldClasses.map((one) => ({ value: one, label: w.classes[one] }))}
        onChange={(event) => {
          const to = event.currentTarget.value as FieldClass;
          if (fieldClasses.indexOf(to) < fieldClasses.indexOf(wanted)) effect.mutate(to);
          else reclass.mutate(to);
        }}
      />
      <Confirm
        isOpen={asked !== null}
        title={w.fields.loosen}
        lead={asked === null ? "" : w.fields.loosenLead(label(field), w.classes[asked.to], asked.gain)}
        action={w.fields.loosenDo}
        isBusy={reclass.isPending}
        onConfirm={() => asked !== null && reclass.mutate(asked.to)}
        onClose={() => setAsked(null)}
      />
    </>
  );
}
