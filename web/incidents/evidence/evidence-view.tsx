import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { custodyPdf, takeSnapshot } from "#shared/evidence.ts";
import { call, download } from "#web/call.ts";
import { BringDialog } from "#web/incidents/evidence/bring-dialog.tsx";
import { BundleDialog } from "#web/incidents/evidence/bundle-dialog.tsx";
import styles from "#web/incidents/evidence/evidence.module.css";
import { HoldList } from "#web/incidents/evidence/hold-list.tsx";
import { ItemTable } from "#web/incidents/evidence/item-table.tsx";
import { useEvidence, type Evidence } from "#web/incidents/evidence/use-evidence.ts";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { At } from "#web/parts/at.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** 証拠: what was kept of an incident, who had it in hand, and what is held. */
export function EvidenceView({ incidentNo }: { incidentNo: number }) {
  const { w } = useWords();
  const words = w.evidence;
  const mayKeep = useMay()("keep-evidence");
  const { data, error } = useEvidence(incidentNo, mayKeep);
  const [dialog, setDialog] = useState<"bring" | "bundle">();
  const take = useIncidentAct(
    () => call(takeSnapshot, { params: { incidentNo } }),
    () => words.taken,
  );
  const print = useIncidentAct(() => download(custodyPdf, { params: { incidentNo } }));
  if (!mayKeep) return <p className="soft">{words.noRight}</p>;
  if (error !== null && data === undefined) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const isTaking = data.snapshots.some(({ takenAt }) => takenAt === null);
  const hasItems = data.items.length > 0;
  const keep = (
    <Button loading={take.isPending || isTaking} onClick={() => take.mutate(undefined)}>
      {words.take}
    </Button>
  );
  const bring = (
    <Button variant="default" onClick={() => setDialog("bring")}>
      {words.bring}
    </Button>
  );
  return (
    <div className="column">
      <section className="column" aria-label={words.items}>
        <p className="soft">{words.lead}</p>
        {hasItems || isTaking ? (
          <>
            <div className="line">
              {keep}
              {bring}
              <Button variant="default" disabled={!hasItems} onClick={() => setDialog("bundle")}>
                {words.bundle}
              </Button>
              <Button
                variant="subtle"
                disabled={!hasItems}
                loading={print.isPending}
                leftSection={<IconDownload size={16} />}
                onClick={() => print.mutate(undefined)}
              >
                {words.custodyPdf}
              </Button>
            </div>
            <Groups evidence={data} />
          </>
        ) : (
          <EmptyState
            title={words.none}
            help={words.noneHelp}
            action={
              <div className="line">
                {keep}
                {bring}
              </div>
            }
          />
        )}
      </section>
      <HoldList incidentNo={incidentNo} evidence={data} />
      {dialog === "bring" ? <BringDialog incidentNo={incidentNo} onClose={() => setDialog(undefined)} /> : null}
      {dialog === "bundle" ? <BundleDialog incidentNo={incidentNo} onClose={() => setDialog(undefined)} /> : null}
    </div>
  );
}

function Groups({ evidence }: { evidence: Evidence }) {
  const { w } = useWords();
  const words = w.evidence;
  const brought = evidence.items.filter(({ snapshotNo }) => snapshotNo === null);
  return (
    <>
      {brought.length === 0 ? null : (
        <section className="column tight">
          <h3>{words.brought}</h3>
          <ItemTable items={brought} label={words.brought} />
        </section>
      )}
      {evidence.snapshots.map((snapshot, index) => (
        <details key={snapshot.snapshotNo} className={styles["group"]} open={index === 0}>
          <summary>
            <span className={styles["head"]}>
              <strong>{words.snapshot(snapshot.snapshotNo)}</strong>
              <At iso={snapshot.askedAt} form="short" />
              <span className="soft small">{words.becauses[snapshot.because]}</span>
              {snapshot.runNo === null ? null : <span className="soft small">{words.snapshotOf(snapshot.runNo)}</span>}
              {snapshot.takenAt === null ? <Mark tone="look">{words.taking}</Mark> : null}
            </span>
          </summary>
          <ItemTable items={evidence.items.filter(({ snapshotNo }) => snapshotNo === snapshot.snapshotNo)} label={words.snapshot(snapshot.snapshotNo)} />
        </details>
      ))}
    </>
  );
}
