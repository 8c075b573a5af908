import { Button, Modal } from "@mantine/core";
import { IconCertificate } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { dayAfter, dayBegins, dayInJapan } from "#shared/day-in-japan.ts";
import { Refusal } from "#web/call.ts";
import { HowToVerify } from "#web/ledger/how-to-verify.tsx";
import { DayField } from "#web/parts/day-field.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

export interface StatementTime {
  readonly from: string;
  readonly to: string;
}

/** Days of time, and a signed statement over them: the proof for the verifier, and the same as a letter. */
export function TakeStatement({
  open,
  title,
  lead,
  usualDays,
  isReady = true,
  onTake,
  children,
}: {
  open: string;
  title: string;
  lead: string;
  usualDays: number;
  isReady?: boolean;
  onTake: (form: "json" | "pdf", time: StatementTime) => Promise<void>;
  children?: ReactNode;
}) {
  const { w } = useWords();
  const words = w.statements;
  const today = dayInJapan(new Date());
  const [isOpen, setIsOpen] = useState(false);
  const [from, setFrom] = useState(() => dayAfter(today, -usualDays));
  const [to, setTo] = useState(today);
  const [busy, setBusy] = useState<"json" | "pdf">();
  const [saved, setSaved] = useState<"json" | "pdf">();
  const [error, setError] = useState<unknown>(null);
  const take = (form: "json" | "pdf") => {
    setBusy(form);
    setError(null);
    setSaved(undefined);
    onTake(form, { from: dayBegins(from), to: dayBegins(dayAfter(to, 1)) })
      .then(() => setSaved(form))
      .catch(setError)
      .finally(() => setBusy(undefined));
  };
  const isPossible = isReady && from <= to;
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconCertificate size={16} aria-hidden />} onClick={() => setIsOpen(true)}>
        {open}
      </Button>
      <Modal opened={isOpen} onClose={() => setIsOpen(false)} title={title} size="lg" closeButtonProps={{ "aria-label": w.act.close }}>
        <form
          method="post"
          className="column"
          onSubmit={(event) => {
            event.preventDefault();
            if (isPossible) take("json");
          }}
        >
          <p>{lead}</p>
          {children}
          <div className="line">
            <DayField label={w.ledgerExport.from} value={from} latest={to} isRequired isLabelled onChange={(day) => day !== undefined && setFrom(day)} />
            <DayField label={w.ledgerExport.to} value={to} latest={today} isRequired isLabelled onChange={(day) => day !== undefined && setTo(day)} />
          </div>
          {error === null ? null : (
            <>
              <ProblemNotice error={error} />
              <WhereSeen error={error} />
            </>
          )}
          <div className="line">
            <Button type="submit" loading={busy === "json"} disabled={!isPossible || busy === "pdf"}>
              {words.json}
            </Button>
            <Button variant="default" loading={busy === "pdf"} disabled={!isPossible || busy === "json"} onClick={() => take("pdf")}>
              {words.pdf}
            </Button>
            <span role="status" className="small soft">
              {busy === undefined ? (saved === undefined ? "" : words.saved) : words.working}
            </span>
          </div>
          <p className="soft small">{words.both}</p>
        </form>
        <div className="column">
          <hr className="hairline" />
          <h3>{words.verify}</h3>
          <HowToVerify command="node kuraban-verify.mjs --statement FILE --key KEY" />
        </div>
      </Modal>
    </>
  );
}

/** The records that stand against it, by their numbers. */
function WhereSeen({ error }: { error: unknown }) {
  const { w } = useWords();
  const events = error instanceof Refusal && error.code === "was-seen" ? error.facts["events"] : undefined;
  if (!Array.isArray(events)) return null;
  const numbers = events.filter((one) => typeof one === "number");
  const most = 20;
  return <p className="small">{w.statements.seenIn(numbers.slice(0, most).join(", "), Math.max(0, numbers.length - most))}</p>;
}
