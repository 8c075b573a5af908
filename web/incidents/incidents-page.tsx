import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { listIncidents, openDrill, openIncidents, type IncidentHead } from "#shared/incidents.ts";
import { call } from "#web/call.ts";
import { AlertRules } from "#web/incidents/alert-rules.tsx";
import styles from "#web/incidents/incidents.module.css";
import { OpenIncidentDialog } from "#web/incidents/open-incident-dialog.tsx";
import { Playbooks } from "#web/incidents/playbooks.tsx";
import { Signals } from "#web/incidents/signals.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { At } from "#web/parts/at.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useKeptFocus } from "#web/parts/use-kept-focus.ts";
import { Value } from "#web/parts/value.tsx";
import { Why } from "#web/parts/why.tsx";
import { useWords } from "#web/words/words.ts";

const tabs = ["list", "signals", "playbooks", "thresholds"] as const;

/** 事案: incidents and drills, what was reported and noticed, and how the house prepares. */
export function IncidentsPage() {
  const { w } = useWords();
  const words = w.incidents;
  useDocumentTitle(words.title);
  const room = useKeptFocus();
  const navigate = useNavigate();
  const { tab }: { tab?: string } = useSearch({ strict: false });
  const here = tabs.find((key) => key === tab) ?? "list";
  const [isOpening, setIsOpening] = useState(false);
  const { data: standing } = useQuery({ queryKey: ["incidents", "open"], queryFn: () => call(openIncidents), staleTime: 0 });
  const drill = useIncidentAct(
    () => call(openDrill),
    ({ incidentNo }) => {
      void navigate({ to: "/incidents/$incidentNo", params: { incidentNo: String(incidentNo) } });
      return words.drillOpened;
    },
  );
  const waiting = standing?.waiting ?? 0;
  return (
    <div ref={room} className="page">
      <PageHead title={words.title} lead={words.lead}>
        <Button variant="default" loading={drill.isPending} onClick={() => drill.mutate(undefined)}>
          {words.openDrill}
        </Button>
        <Why>{words.openDrillHelp}</Why>
        <Button onClick={() => setIsOpening(true)}>{words.open}</Button>
      </PageHead>
      <Tabs
        value={here}
        keepMounted={false}
        onChange={(key) => void navigate({ to: "/incidents", search: key === "list" || key === null ? {} : { tab: key }, replace: true })}
      >
        <Tabs.List mb={16}>
          {tabs.map((key) => (
            <Tabs.Tab key={key} value={key} {...(key === "signals" && waiting > 0 ? { rightSection: <Mark tone="look">{words.waiting(waiting)}</Mark> } : {})}>
              {words.tabs[key]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="list">
          <IncidentList />
        </Tabs.Panel>
        <Tabs.Panel value="signals">
          <Signals />
        </Tabs.Panel>
        <Tabs.Panel value="playbooks">
          <Playbooks />
        </Tabs.Panel>
        <Tabs.Panel value="thresholds">
          <AlertRules />
        </Tabs.Panel>
      </Tabs>
      {isOpening ? <OpenIncidentDialog onClose={() => setIsOpening(false)} /> : null}
    </div>
  );
}

function IncidentList() {
  const { w } = useWords();
  const words = w.incidents;
  const { data, error } = useQuery({ queryKey: ["incidents"], queryFn: () => call(listIncidents), staleTime: 0 });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p>{w.act.loading}</p>;
  if (data.incidents.length === 0) return <EmptyState title={words.none} help={words.noneHelp} />;
  return (
    <ul className={styles["plain"]} aria-label={words.title}>
      {data.incidents.map((one) => (
        <li key={one.incidentNo} className={styles["signal"]}>
          <IncidentLine incident={one} />
        </li>
      ))}
    </ul>
  );
}

function IncidentLine({ incident }: { incident: IncidentHead }) {
  const { w } = useWords();
  const words = w.incidents;
  const isOpen = incident.closedAt === null;
  return (
    <>
      <div className="line">
        <Link to="/incidents/$incidentNo" params={{ incidentNo: String(incident.incidentNo) }}>
          {(incident.isDrill ? words.drillNth : words.nth)(incident.incidentNo)}
        </Link>
        <Mark>{words.playbooks[incident.playbook]}</Mark>
        {incident.isDrill ? <Mark tone="look">{words.drill}</Mark> : null}
        {isOpen ? (
          <span className={incident.isDrill ? undefined : styles["seal"]}>
            {incident.phase} {words.phases[incident.phase]}
          </span>
        ) : (
          <Mark>{words.closed}</Mark>
        )}
        <span className="small soft">
          <At iso={incident.knownAt} form="short" />
        </span>
      </div>
      <p>
        <Value shown={incident.what} />
      </p>
    </>
  );
}
