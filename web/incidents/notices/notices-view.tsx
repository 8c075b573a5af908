import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { MailSettingsDialog } from "#web/incidents/notices/mail-settings-dialog.tsx";
import { NoticeCard } from "#web/incidents/notices/notice-card.tsx";
import { PlanDialog } from "#web/incidents/notices/plan-dialog.tsx";
import { Returns } from "#web/incidents/notices/returns.tsx";
import styles from "#web/incidents/notices/notices.module.css";
import { useNotices, type Notices } from "#web/incidents/notices/use-notices.ts";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** 本人への通知: what is needed, each notice with what became of it, and what came back. */
export function NoticesView({ incidentNo, isDrill }: { incidentNo: number; isDrill: boolean }) {
  const { w } = useWords();
  const words = w.incidentNotices;
  const { data, error } = useNotices(incidentNo);
  const [planning, setPlanning] = useState<"first" | "again">();
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const isReady = data.scope !== null && !data.scope.isPending && data.papers.length > 0;
  const began = data.notices.some((notice) => notice.startedAt !== null);
  const isMissed = data.totals.some(({ outcome }) => ["refused", "bounced", "returned", "unsure"].includes(outcome));
  return (
    <div className="column">
      <p className="soft">{isDrill ? words.drillLead : words.lead}</p>
      <Needed incidentNo={incidentNo} data={data} />
      <div className="line">
        <Button disabled={!isReady} {...(data.notices.length > 0 ? { variant: "default" } : {})} onClick={() => setPlanning("first")}>
          {words.plan}
        </Button>
        {isMissed ? (
          <Button variant="default" disabled={!isReady} onClick={() => setPlanning("again")}>
            {words.planAgain}
          </Button>
        ) : null}
      </div>
      {data.notices.length === 0 ? <EmptyState title={words.nothingYet} help={isReady ? words.nothingYetReady : words.nothingYetHelp} /> : null}
      {data.notices.map((notice) => (
        <NoticeCard key={notice.noticeNo} notice={notice} isDrill={isDrill} />
      ))}
      {began ? <Returns incidentNo={incidentNo} /> : null}
      {planning === undefined ? null : <PlanDialog incidentNo={incidentNo} data={data} isAgain={planning === "again"} onClose={() => setPlanning(undefined)} />}
    </div>
  );
}

function Needed({ incidentNo, data }: { incidentNo: number; data: Notices }) {
  const { w } = useWords();
  const words = w.incidentNotices;
  const [isSetting, setIsSetting] = useState(false);
  const { scope, papers, mail } = data;
  const to = (section: string, name: string, search: object = {}) => (
    <Link
      aria-label={`${words.show}: ${name}`}
      to="/incidents/$incidentNo/$section"
      params={{ incidentNo: String(incidentNo), section }}
      search={search as never}
    >
      {words.show}
    </Link>
  );
  return (
    <section className="column tight" aria-label={words.needed}>
      <h3>{words.needed}</h3>
      <dl className={styles["needed"]}>
        <dt>{words.scope}</dt>
        <dd>
          {scope === null ? words.scopeNone : scope.isPending ? words.scopePending : words.scopeReady(scope.confirmed, scope.possible)}
          {scope !== null && !scope.isPending && !scope.isVerified ? ` (${words.scopeUnsound})` : ""}
        </dd>
        <dd>{to("scope", words.scope)}</dd>
        <dt>{words.paper}</dt>
        <dd>
          {papers.length === 0
            ? words.paperNone
            : papers.map(({ paper, version }) => `${paper === "person-notice" ? words.japanese : words.english} ${words.paperReady(version)}`).join(" / ")}
        </dd>
        <dd>{to("drafts", words.paper, { paper: "person-notice" })}</dd>
        <dt>{words.mail}</dt>
        <dd>{mail === null ? words.mailNone : words.mailReady(mail.from, mail.host)}</dd>
        <dd>
          <Button variant="subtle" size="compact-sm" onClick={() => setIsSetting(true)}>
            {mail === null ? words.set : words.change}
          </Button>
        </dd>
      </dl>
      {isSetting ? <MailSettingsDialog onClose={() => setIsSetting(false)} /> : null}
    </section>
  );
}
