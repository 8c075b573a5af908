import { Button, Checkbox, Modal, NativeSelect, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  factCatalogue,
  factSections,
  isFactAsked,
  isFactValue,
  presumedFact,
  type Certainty,
  type FactDefinition,
  type FactSection,
} from "#shared/incident-facts.ts";
import { listFacts, listFactVersions, printFacts, stateFact, type FactVersion, type PlaybookKey } from "#shared/incidents.ts";
import { call, download } from "#web/call.ts";
import { useJudgement } from "#web/incidents/drafts/use-drafts.ts";
import styles from "#web/incidents/incidents.module.css";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { AccountChip } from "#web/parts/chip.tsx";
import { DayField } from "#web/parts/day-field.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Timeline } from "#web/parts/timeline.tsx";
import { Value } from "#web/parts/value.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

const tones = { confirmed: "act", assumed: "look", unknown: "plain" } as const;

export function useFacts(incidentNo: number) {
  return useQuery({ queryKey: ["incident", incidentNo, "facts"], queryFn: () => call(listFacts, { params: { incidentNo } }), staleTime: 0 });
}

/** 事実: the sheet by sections of the official form; each fact with how sure it is and where it comes from. */
export function FactSheet({ incidentNo, playbook, isOpen }: { incidentNo: number; playbook: PlaybookKey; isOpen: boolean }) {
  const { w, label } = useWords();
  const words = w.incidents;
  const { data, error } = useFacts(incidentNo);
  const judgement = useJudgement(incidentNo);
  const [isOnlyAsked, setIsOnlyAsked] = useState(false);
  const [stating, setStating] = useState<FactDefinition>();
  const print = useIncidentAct(
    () => download(printFacts, { params: { incidentNo }, body: {} }),
    () => words.factsPrinted,
  );
  if (error !== null) return <ProblemNotice error={error} />;
  // What the judgement waits for stands first: nothing may move once it is known.
  if (data === undefined || judgement.isPending) return <p>{w.act.loading}</p>;
  const stated = new Map(data.facts.map((fact) => [fact.key, fact]));
  const asked = factCatalogue.filter((fact) => isFactAsked(fact, (key) => (stated.has(key) ? stated.get(key)?.value : presumedFact(key, playbook))));
  const missing = new Set(isOpen ? judgement.data?.missing.filter((key) => !stated.has(key)) : []);
  const lines = (shown: readonly FactDefinition[]) => (
    <dl>
      {shown.map((definition) => (
        <FactLine
          key={definition.key}
          definition={definition}
          fact={stated.get(definition.key)}
          isDecisive={missing.has(definition.key)}
          isOpen={isOpen}
          onState={() => setStating(definition)}
        />
      ))}
    </dl>
  );
  const filled = asked.filter((fact) => stated.has(fact.key)).length;
  return (
    <section className="column" aria-label={words.sections.facts}>
      <div className="line apart">
        <p className="soft">{words.factsLead}</p>
        <div className="line">
          <span className="small">{words.factsFilled(filled, asked.length)}</span>
          <Checkbox size="sm" label={words.onlyAsked} checked={isOnlyAsked} onChange={(event) => setIsOnlyAsked(event.currentTarget.checked)} />
          <Button size="xs" variant="default" loading={print.isPending} onClick={() => print.mutate(undefined)}>
            {words.printFacts}
          </Button>
        </div>
      </div>
      {missing.size === 0 ? null : (
        <section className={styles["facts"]} aria-label={words.missingFacts}>
          <h2>{words.missingFacts}</h2>
          {lines(asked.filter(({ key }) => missing.has(key)))}
        </section>
      )}
      {(Object.keys(factSections) as FactSection[]).map((section) => {
        const shown = asked.filter((fact) => fact.section === section && !missing.has(fact.key) && !(isOnlyAsked && stated.has(fact.key)));
        return shown.length === 0 ? null : (
          <section key={section} className={styles["facts"]} aria-label={label(factSections[section])}>
            <h2>{label(factSections[section])}</h2>
            {lines(shown)}
          </section>
        );
      })}
      {stating === undefined ? null : (
        <StateDialog incidentNo={incidentNo} definition={stating} former={stated.get(stating.key)} onClose={() => setStating(undefined)} />
      )}
    </section>
  );
}

/** What a fact says, in words. */
function useFactText(): (definition: FactDefinition, fact: FactVersion) => React.ReactNode {
  const { label, list, date } = useWords();
  return (definition, fact) => {
    if (fact.value === null) return fact.text === null ? null : <Value shown={fact.text} />;
    if (definition.type === "choice") return list(fact.value.split(",").map((key) => labelOf(definition, key, label)));
    return definition.type === "date" ? date(`${fact.value}T12:00:00+09:00`) : Number(fact.value).toLocaleString("en-US");
  };
}

function labelOf(definition: FactDefinition, key: string, label: (thing: { ja: string; en: string }) => string): string {
  const choice = definition.choices?.find((one) => one.key === key);
  return choice === undefined ? key : label(choice);
}

function FactLine({
  definition,
  fact,
  isDecisive,
  isOpen,
  onState,
}: {
  definition: FactDefinition;
  fact: (FactVersion & { versions: number }) | undefined;
  /** Whether a report is due hangs on it. */
  isDecisive: boolean;
  isOpen: boolean;
  onState: () => void;
}) {
  const { w, label } = useWords();
  const words = w.incidents;
  const text = useFactText();
  return (
    <div data-stated={fact !== undefined || undefined}>
      <dt>{label(definition)}</dt>
      <dd>
        {fact === undefined ? (
          <span className="line">
            <span className="soft">{words.notStated}</span>
            {isDecisive ? <Mark tone="look">{words.decisive}</Mark> : null}
          </span>
        ) : (
          <span className="line">
            <Mark tone={tones[fact.certainty]}>{words.certainties[fact.certainty]}</Mark>
            <span>{text(definition, fact)}</span>
            {fact.source === null ? null : (
              <span className="small soft">
                (<Value shown={fact.source} />)
              </span>
            )}
            {fact.versions > 1 ? <span className="small soft">{words.versions(fact.versions)}</span> : null}
          </span>
        )}
      </dd>
      <dd>
        {isOpen || fact !== undefined ? (
          <Button size="compact-xs" variant="subtle" aria-label={`${fact === undefined ? words.state : words.restate}: ${label(definition)}`} onClick={onState}>
            {fact === undefined ? words.state : words.restate}
          </Button>
        ) : null}
      </dd>
    </div>
  );
}

function StateDialog({
  incidentNo,
  definition,
  former,
  onClose,
}: {
  incidentNo: number;
  definition: FactDefinition;
  former: (FactVersion & { versions: number }) | undefined;
  onClose: () => void;
}) {
  const { w, label } = useWords();
  const words = w.incidents;
  const [certainty, setCertainty] = useState<Certainty>(former?.certainty ?? "confirmed");
  const [value, setValue] = useState(former?.value ?? textOf(former?.text) ?? "");
  const [source, setSource] = useState(textOf(former?.source) ?? "");
  const save = useIncidentAct(
    () =>
      call(stateFact, {
        params: { incidentNo },
        body: { key: definition.key, certainty, value: certainty === "unknown" ? null : value.trim(), source: source.trim() },
      }),
    () => {
      onClose();
      return words.factSaved;
    },
  );
  const isFit = certainty === "unknown" || isFactValue(definition, value.trim());
  const isUnknown = certainty === "unknown";
  return (
    <Modal opened onClose={onClose} title={label(definition)} size="lg" closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (isFit) save.mutate(undefined);
        }}
      >
        <div className="column tight">
          <span id="certainty">{words.certainty}</span>
          <SegmentedControl
            aria-labelledby="certainty"
            value={certainty}
            data={(["confirmed", "assumed", "unknown"] as const).map((one) => ({ value: one, label: words.certainties[one] }))}
            onChange={(next) => setCertainty(next as Certainty)}
          />
        </div>
        {isUnknown ? null : <FactInput definition={definition} value={value} onChange={setValue} />}
        <TextInput
          label={words.source}
          description={words.sourceHelp}
          value={source}
          maxLength={400}
          autoComplete="off"
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        <DialogActs onCancel={onClose} label={w.act.save} isBusy={save.isPending} isDisabled={!isFit} />
        {former === undefined ? null : <Versions incidentNo={incidentNo} definition={definition} />}
      </form>
    </Modal>
  );
}

function FactInput({ definition, value, onChange }: { definition: FactDefinition; value: string; onChange: (value: string) => void }) {
  const { w, label } = useWords();
  const words = w.incidents;
  const choices = definition.choices ?? [];
  if (definition.type === "choice" && definition.isMany === true) {
    const chosen = value === "" ? [] : value.split(",");
    return (
      <Checkbox.Group
        label={words.value}
        value={chosen}
        onChange={(next) => onChange(choices.flatMap((one) => (next.includes(one.key) ? [one.key] : [])).join(","))}
      >
        <div className="line" style={{ paddingBlock: 6 }}>
          {choices.map((one) => (
            <Checkbox key={one.key} value={one.key} label={label(one)} size="sm" />
          ))}
        </div>
      </Checkbox.Group>
    );
  }
  if (definition.type === "choice") {
    return (
      <NativeSelect
        data-autofocus
        label={words.value}
        value={value}
        data={[{ value: "", label: "" }, ...choices.map((one) => ({ value: one.key, label: label(one) }))]}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (definition.type === "date") {
    return <DayField label={words.value} value={value === "" ? undefined : value} isLabelled isFormSize onChange={(day) => onChange(day ?? "")} />;
  }
  if (definition.type === "number") {
    return (
      <TextInput
        data-autofocus
        label={words.value}
        inputMode="numeric"
        value={value}
        autoComplete="off"
        onChange={(event) => onChange(event.currentTarget.value.normalize("NFKC").replaceAll(/[^\d]/g, ""))}
      />
    );
  }
  return (
    <Textarea
      data-autofocus
      label={words.value}
      value={value}
      autosize
      minRows={definition.isLong === true ? 4 : 1}
      maxRows={16}
      maxLength={8000}
      autoComplete="off"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Versions({ incidentNo, definition }: { incidentNo: number; definition: FactDefinition }) {
  const { w } = useWords();
  const words = w.incidents;
  const text = useFactText();
  const { data } = useQuery({
    queryKey: ["incident", incidentNo, "facts", definition.key],
    queryFn: () => call(listFactVersions, { params: { incidentNo, key: definition.key } }),
    staleTime: 0,
  });
  if (data === undefined) return null;
  return (
    <section className="column tight">
      <h3>{words.history}</h3>
      <Timeline
        label={words.history}
        happenings={data.versions.map((version) => ({
          key: version.factNo,
          at: version.at,
          who: <AccountChip no={version.by} />,
          what: (
            <span className="line">
              <Mark tone={tones[version.certainty]}>{words.certainties[version.certainty]}</Mark>
              <span>{text(definition, version)}</span>
            </span>
          ),
          ...(version.source === null ? {} : { detail: <Value shown={version.source} /> }),
        }))}
      />
    </section>
  );
}
