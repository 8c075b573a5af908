import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { downloadDraftPdf, downloadDraftWord, makeDrafts, type DraftEntry, type DraftHead, type PaperOut } from "#shared/incident-drafts.ts";
import { paperNames, type PaperKey } from "#shared/incident-papers.ts";
import { call, download } from "#web/call.ts";
import { AskDialog } from "#web/incidents/drafts/ask-dialog.tsx";
import { stateTones } from "#web/incidents/drafts/paper-list.tsx";
import { PaperSheet } from "#web/incidents/drafts/paper-sheet.tsx";
import { Handings } from "#web/incidents/drafts/handings.tsx";
import { PassageDialog } from "#web/incidents/drafts/passage-dialog.tsx";
import { useDraft, usePreview } from "#web/incidents/drafts/use-drafts.ts";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** One paper: as it would read now or a saved version, its differences, its words, its approval, its files. */
export function PaperView({ incidentNo, paper: key }: { incidentNo: number; paper: PaperKey }) {
  const { w, label, dateTime } = useWords();
  const words = w.incidentDrafts;
  const { data: preview, error } = usePreview(incidentNo, key);
  const [chosen, setChosen] = useState<number>();
  const [isOnlyChanged, setIsOnlyChanged] = useState(false);
  const [editing, setEditing] = useState<DraftEntry>();
  const { data: version } = useDraft(chosen);
  const make = useIncidentAct(
    () => call(makeDrafts, { params: { incidentNo }, body: { papers: [key] } }),
    (reply) => (reply.made.length === 0 ? words.upToDate : words.saved(reply.made[0]?.version ?? 1)),
  );
  if (error !== null) return <ProblemNotice error={error} />;
  if (preview === undefined) return <p className="soft">{w.act.loading}</p>;
  const shown = chosen === undefined ? preview : version;
  const latest = preview.versions[0];
  const head = shown?.head ?? null;
  const isLatest = head !== null && head.draftNo === latest?.draftNo;
  const hasChanges = shown?.sections.some((section) => section.entries.some((entry) => entry.isChanged)) === true;
  return (
    <section className="column" aria-label={label(paperNames[key])}>
      <p>
        <Link to="/incidents/$incidentNo/$section" params={{ incidentNo: String(incidentNo), section: "drafts" }}>
          {words.back}
        </Link>
      </p>
      <div className="line apart">
        <div className="line">
          <h3>{label(paperNames[key])}</h3>
          {head === null ? <Mark tone="look">{words.asNow}</Mark> : <Mark tone={stateTones[head.state]}>{words.states[head.state]}</Mark>}
        </div>
        <div className="line">
          {chosen === undefined && preview.head === null ? (
            <Button loading={make.isPending} onClick={() => make.mutate(undefined)}>
              {latest === undefined ? words.makeThis : words.remakeThis}
            </Button>
          ) : null}
          {head === null || shown === undefined ? null : <DraftActs head={head} isLatest={isLatest} isOnScope={citesScope(shown)} />}
        </div>
      </div>
      <div className="line">
        {preview.versions.length === 0 ? null : (
          <NativeSelect
            aria-label={words.versions}
            value={chosen === undefined ? "" : String(chosen)}
            data={[
              ...(preview.head === null ? [{ value: "", label: words.asNow }] : []),
              ...preview.versions.map((one) => ({
                value: preview.head?.draftNo === one.draftNo ? "" : String(one.draftNo),
                label: `${words.version(one.version)} ${dateTime(one.madeAt)} ${words.states[one.state]}`,
              })),
            ]}
            onChange={(event) => setChosen(event.currentTarget.value === "" ? undefined : Number(event.currentTarget.value))}
          />
        )}
        {hasChanges ? (
          <Checkbox size="sm" label={words.onlyChanged} checked={isOnlyChanged} onChange={(event) => setIsOnlyChanged(event.currentTarget.checked)} />
        ) : null}
        {head?.approvedBy === null || head?.approvedBy === undefined ? null : (
          <span className="line small soft">
            {words.approvedBy} <AccountChip no={head.approvedBy} />
          </span>
        )}
      </div>
      <Handings handings={preview.handings} head={head} />
      {shown === undefined ? (
        <p className="soft">{w.act.loading}</p>
      ) : (
        <PaperSheet
          paper={shown}
          incidentNo={incidentNo}
          isOnlyChanged={isOnlyChanged && hasChanges}
          edit={
            chosen === undefined
              ? (entry) => (
                  <Button size="compact-xs" variant="subtle" aria-label={words.editFor(entry.label ?? entry.key)} onClick={() => setEditing(entry)}>
                    {words.edit}
                  </Button>
                )
              : undefined
          }
        />
      )}
      {editing === undefined ? null : <PassageDialog incidentNo={incidentNo} paper={key} entry={editing} onClose={() => setEditing(undefined)} />}
    </section>
  );
}

/** Whether something that leaves rests on a run of the scope. */
function citesScope({ sections }: PaperOut): boolean {
  return sections.some((section) => section.entries.some((entry) => !entry.isInternal && entry.evidence.some(({ kind }) => kind === "scope-run")));
}

function DraftActs({ head, isLatest, isOnScope }: { head: DraftHead; isLatest: boolean; isOnScope: boolean }) {
  const { w } = useWords();
  const words = w.incidentDrafts;
  const [isAsking, setIsAsking] = useState(false);
  const word = useIncidentAct(() => download(downloadDraftWord, { params: { draftNo: head.draftNo }, body: {} }));
  const pdf = useIncidentAct(() => download(downloadDraftPdf, { params: { draftNo: head.draftNo }, body: {} }));
  if (head.state === "approved") {
    return (
      <>
        <Button variant="default" loading={word.isPending} onClick={() => word.mutate(undefined)}>
          {words.word}
        </Button>
        <Button variant="default" loading={pdf.isPending} onClick={() => pdf.mutate(undefined)}>
          {words.pdf}
        </Button>
      </>
    );
  }
  return (
    <>
      <span className="small soft">{isLatest ? words.downloadsAfter : words.onlyLatest}</span>
      {isLatest && head.state !== "asked" ? <Button onClick={() => setIsAsking(true)}>{words.askApproval}</Button> : null}
      {isAsking ? <AskDialog head={head} isOnScope={isOnScope} onClose={() => setIsAsking(false)} /> : null}
    </>
  );
}
