import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { changeMeasurePolicy, listMeasures } from "#shared/measures.ts";
import { call } from "#web/call.ts";
import { MeasuresPanel } from "#web/measures/measures-panel.tsx";
import { useMeasureAct } from "#web/measures/use-measure-act.ts";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { useKeptFocus } from "#web/parts/use-kept-focus.ts";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** 応急措置: everything that is in force, and every big act, whatever it is for. */
export function MeasuresPage() {
  const { w } = useWords();
  useDocumentTitle(w.measures.title);
  const room = useKeptFocus();
  const may = useMay();
  const { data } = useQuery({ queryKey: ["measures", null], queryFn: () => call(listMeasures), staleTime: 0 });
  return (
    <div ref={room} className="page">
      <PageHead title={w.measures.title} lead={w.measures.lead} />
      <MeasuresPanel />
      {may("consent-rights") && data !== undefined ? <Policy key={data.mostFrozenAlone} most={data.mostFrozenAlone} /> : null}
    </div>
  );
}

function Policy({ most }: { most: number }) {
  const { w } = useWords();
  const [typed, setTyped] = useState(String(most));
  const next = Number(typed);
  const isFit = /^\d{1,4}$/.test(typed) && next <= 1000 && next !== most;
  const change = useMeasureAct(
    () => call(changeMeasurePolicy, { body: { mostFrozenAlone: next } }),
    () => w.act.saved,
  );
  return (
    <form
      className="column tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (isFit) change.mutate(undefined);
      }}
    >
      <TextInput
        label={w.measures.policy}
        description={w.measures.policyHelp}
        inputMode="numeric"
        maxLength={4}
        maw={360}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" variant="default" loading={change.isPending} disabled={!isFit}>
          {w.act.save}
        </Button>
      </div>
    </form>
  );
}
