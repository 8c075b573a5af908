import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { dismissAlert, dismissReport, listIncidentAlerts, listIncidentReports, type IncidentAlert, type IncidentReport } from "#shared/incident-signals.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/incidents.module.css";
import { OpenIncidentDialog, type Known } from "#web/incidents/open-incident-dialog.tsx";
import { ReasonDialog } from "#web/incidents/reason-dialog.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

type Asked = { readonly known: Known } | { readonly dismissing: { readonly reportNo?: number; readonly alertNo?: number } };

/** What was noticed: thresholds that were exceeded, and what colleagues reported. An incident is one click away from each. */
export function Signals() {
  const { w } = useWords();
  const words = w.incidents;
  const [asked, setAsked] = useState<Asked>();
  const alerts = useQuery({ queryKey: ["incidents", "alerts"], queryFn: () => call(listIncidentAlerts), staleTime: 0 });
  const reports = useQuery({ queryKey: ["incidents", "reports"], queryFn: () => call(listIncidentReports), staleTime: 0 });
  const dismiss = useIncidentAct(
    async ({ reportNo, alertNo, reason }: { reportNo?: number; alertNo?: number; reason: string }): Promise<unknown> =>
      reportNo !== undefined
        ? call(dismissReport, { params: { reportNo }, body: { reason } })
        : call(dismissAlert, { params: { alertNo: alertNo ?? 0 }, body: { reason } }),
    () => {
      setAsked(undefined);
      return words.dismissed;
    },
  );
  const error = alerts.error ?? reports.error;
  return (
    <div className="column">
      {error === null ? null : <ProblemNotice error={error} />}
      <section className="column tight" aria-label={words.alerts}>
        <h2>{words.alerts}</h2>
        {alerts.data?.alerts.length === 0 ? <p className="soft">{words.noAlerts}</p> : null}
        <ul className={styles["plain"]}>
          {alerts.data?.alerts.map((alert) => (
            <AlertLine key={alert.alertNo} alert={alert} onAsk={setAsked} />
          ))}
        </ul>
      </section>
      <section className="column tight" aria-label={words.reports}>
        <h2>{words.reports}</h2>
        <p className="soft">
          {words.reportsLead} {words.reportAddress}: <a href="/report">{`${location.origin}/report`}</a>
        </p>
        {reports.data?.reports.length === 0 ? <p className="soft">{words.noReports}</p> : null}
        <ul className={styles["plain"]}>
          {reports.data?.reports.map((report) => (
            <ReportLine key={report.reportNo} report={report} onAsk={setAsked} />
          ))}
        </ul>
      </section>
      {asked === undefined ? null : "known" in asked ? (
        <OpenIncidentDialog known={asked.known} onClose={() => setAsked(undefined)} />
      ) : (
        <ReasonDialog
          title={words.dismissTitle}
          label={words.reason}
          action={words.dismiss}
          isBusy={dismiss.isPending}
          onSay={(reason) => dismiss.mutate({ ...asked.dismissing, reason })}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}

function Standing({ state, incidentNo, children }: { state: IncidentReport["state"]; incidentNo: number | null; children: React.ReactNode }) {
  const { w } = useWords();
  const words = w.incidents;
  if (incidentNo !== null)
    return (
      <Link to="/incidents/$incidentNo" params={{ incidentNo: String(incidentNo) }}>
        {words.nth(incidentNo)}
      </Link>
    );
  return state === "new" ? <span className="line">{children}</span> : <Mark>{words.signalStates[state]}</Mark>;
}

function Acts({ onOpen, onDismiss }: { onOpen: () => void; onDismiss: () => void }) {
  const { w } = useWords();
  return (
    <>
      <Button size="xs" onClick={onOpen}>
        {w.incidents.open}
      </Button>
      <Button size="xs" variant="default" onClick={onDismiss}>
        {w.incidents.dismiss}
      </Button>
    </>
  );
}

function AlertLine({ alert, onAsk }: { alert: IncidentAlert; onAsk: (asked: Asked) => void }) {
  const { w } = useWords();
  const words = w.incidents;
  const found = words.found(alert.found, words.ruleUnit[alert.rule], alert.threshold);
  const cause = alert.accountNo === null ? {} : { cause: { kind: "account", no: alert.accountNo, from: alert.from, to: alert.to } };
  const known: Known = {
    alertNo: alert.alertNo,
    what: words.whatOfAlert(words.rules[alert.rule], found),
    playbook: "unauthorised-access",
    ...cause,
  };
  return (
    <li className={styles["signal"]}>
      <div className="line apart">
        <span className="line">
          <strong>{words.rules[alert.rule]}</strong>
          <AccountChip no={alert.accountNo} nobody={words.notSignedIn} />
          <Mark tone={alert.state === "new" ? "look" : "plain"}>{found}</Mark>
          <span className="small soft">
            <At iso={alert.from} form="short" /> – <At iso={alert.to} form="short" />
          </span>
        </span>
        <Standing state={alert.state} incidentNo={alert.incidentNo}>
          <Acts onOpen={() => onAsk({ known })} onDismiss={() => onAsk({ dismissing: { alertNo: alert.alertNo } })} />
        </Standing>
      </div>
      {alert.reason === null ? null : (
        <p className={styles["note"]}>
          <Value shown={alert.reason} />
        </p>
      )}
    </li>
  );
}

/** A whole sentence, not more than an incident's own. */
const mostWhat = 400;

function ReportLine({ report, onAsk }: { report: IncidentReport; onAsk: (asked: Asked) => void }) {
  const { w } = useWords();
  const words = w.incidents;
  const known: Known = { reportNo: report.reportNo, what: (textOf(report.text) ?? "").slice(0, mostWhat), knownAt: report.receivedAt, playbook: "misdirected" };
  return (
    <li className={styles["signal"]}>
      <div className="line apart">
        <span className="line">
          <strong>{report.receipt}</strong>
          {report.state === "new" ? <Mark tone="look">{words.signalStates.new}</Mark> : null}
          <span className="small soft">
            <At iso={report.receivedAt} form="short" /> {words.from(report.address)}
          </span>
        </span>
        <Standing state={report.state} incidentNo={report.incidentNo}>
          <Acts onOpen={() => onAsk({ known })} onDismiss={() => onAsk({ dismissing: { reportNo: report.reportNo } })} />
        </Standing>
      </div>
      <p className={styles["said"]}>
        <Value shown={report.text} />
      </p>
      {report.contact === null ? null : (
        <p className="small soft">
          {words.contact}: <Value shown={report.contact} />
        </p>
      )}
      {report.reason === null ? null : (
        <p className={styles["note"]}>
          <Value shown={report.reason} />
        </p>
      )}
    </li>
  );
}
