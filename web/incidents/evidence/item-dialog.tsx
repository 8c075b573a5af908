import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { copyEvidence, verifyEvidence, type CustodyEntry } from "#shared/evidence.ts";
import { call, download } from "#web/call.ts";
import { DescribeForm } from "#web/incidents/evidence/describe-form.tsx";
import styles from "#web/incidents/evidence/evidence.module.css";
import { HandOverForm } from "#web/incidents/evidence/hand-over-form.tsx";
import { Hash } from "#web/incidents/evidence/item-table.tsx";
import { useCustody } from "#web/incidents/evidence/use-evidence.ts";
import { ReasonDialog } from "#web/incidents/reason-dialog.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** One item: who had it in hand, and what can be done with it. */
export function ItemDialog({ itemNo, opening, onClose }: { itemNo: number; opening: number; onClose: () => void }) {
  const { w } = useWords();
  const words = w.evidence;
  const [looks, setLooks] = useState(0);
  const [asking, setAsking] = useState<"copy" | "hand-over" | "describe">();
  const { data, error } = useCustody(itemNo, opening + looks);
  const done = (): void => {
    setAsking(undefined);
    setLooks(looks + 1);
  };
  const verify = useIncidentAct(
    () => call(verifyEvidence, { params: { itemNo } }),
    ({ holds }) => {
      done();
      return holds ? words.verifiedNow : words.changedNow;
    },
  );
  const copy = useIncidentAct(
    (purpose: string) => download(copyEvidence, { params: { itemNo }, body: { purpose } }),
    () => {
      done();
      return undefined;
    },
  );
  return (
    <Modal opened onClose={onClose} size="lg" title={`${words.items} No. ${itemNo}`} closeButtonProps={{ "aria-label": w.act.close }}>
      {error !== null ? <ProblemNotice error={error} /> : null}
      {data === undefined ? (
        error === null ? (
          <p className="soft">{w.act.loading}</p>
        ) : null
      ) : (
        <div className="column">
          <p className="line">
            <strong>{words.kinds[data.item.kind]}</strong>
            {data.item.fileName === null ? null : <Value shown={data.item.fileName} isBare />}
            <span className="number">{words.bytes(data.item.bytes)}</span>
            <Hash sha256={data.item.sha256} itemNo={data.item.itemNo} />
          </p>
          {asking === "hand-over" ? (
            <HandOverForm itemNo={itemNo} onDone={done} onClose={() => setAsking(undefined)} />
          ) : asking === "describe" ? (
            <DescribeForm itemNo={itemNo} onDone={done} onClose={() => setAsking(undefined)} />
          ) : (
            <div className="line">
              <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate(undefined)}>
                {words.verify}
              </Button>
              <Button variant="default" onClick={() => setAsking("copy")}>
                {words.copy}
              </Button>
              <Button variant="default" onClick={() => setAsking("hand-over")}>
                {words.handOver}
              </Button>
              <Button variant="default" onClick={() => setAsking("describe")}>
                {words.describe}
              </Button>
            </div>
          )}
          <section className="column tight" aria-label={words.custody}>
            <h3>{words.custody}</h3>
            <ol className={styles["custody"]}>
              {data.custody.map((entry) => (
                <Entry key={entry.custodyNo} entry={entry} />
              ))}
            </ol>
          </section>
        </div>
      )}
      {asking === "copy" ? (
        <ReasonDialog
          title={words.copy}
          label={`${words.purpose} — ${words.copyLead}`}
          action={words.copy}
          isBusy={copy.isPending}
          onSay={(purpose) => copy.mutate(purpose)}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
    </Modal>
  );
}

function Entry({ entry }: { entry: CustodyEntry }) {
  const { w } = useWords();
  const words = w.evidence;
  const said = (["source", "finder", "to", "purpose", "note"] as const).filter((key) => entry[key] !== null);
  return (
    <li>
      <span className="line">
        <strong>{words.acts[entry.act]}</strong>
        {entry.holds === null ? null : <Mark tone={entry.holds ? "act" : "loss"}>{entry.holds ? words.verified : words.changed}</Mark>}
        <At iso={entry.at} />
        {entry.by === null ? <span className="soft small">{words.system}</span> : <AccountChip no={entry.by} />}
      </span>
      {entry.foundAt === null ? null : (
        <span className="small">
          {words.foundAt} <At iso={entry.foundAt} />
        </span>
      )}
      {said.map((key) => (
        <span key={key} className="small">
          <span className="soft">{key === "note" ? words.note : words[key]}</span> <Value shown={entry[key]} isBare />
        </span>
      ))}
      {entry.receipt === null ? null : (
        <span className="small">
          <span className="soft">{words.receipt}</span> <span className="number">{entry.receipt}</span>
        </span>
      )}
    </li>
  );
}
