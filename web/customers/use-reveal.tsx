import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { revealValues } from "#shared/customers.ts";
import type { Purpose } from "#shared/rights.ts";
import type { Shown } from "#shared/shown.ts";
import { call } from "#web/call.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** How long a stated purpose counts as the same matter. */
const matterMilliseconds = 30 * 60_000;

interface Matter {
  readonly purpose: Purpose;
  readonly statedAt: number;
}
const MattersContext = createContext<Map<number, Matter>>(new Map());

/** Remembers, in this window alone, for what each customer is being looked at. */
export function RevealMemory({ children }: { children: ReactNode }) {
  const matters = useRef(new Map<number, Matter>());
  return <MattersContext value={matters.current}>{children}</MattersContext>;
}

/** For what one customer is being looked at, as far as it was stated in this window; asked anew for the next matter. */
export function useMatter(customerNo: number): { readonly purpose: () => Purpose | undefined; readonly state: (purpose: Purpose) => void } {
  const matters = useContext(MattersContext);
  return {
    purpose: () => {
      const matter = matters.get(customerNo);
      return matter !== undefined && Date.now() - matter.statedAt < matterMilliseconds ? matter.purpose : undefined;
    },
    state: (purpose) => void matters.set(customerNo, { purpose, statedAt: Date.now() }),
  };
}

/** Asks for the purpose of a matter. */
export function PurposeQuestion(given: {
  title?: string;
  isOpen: boolean;
  error: Error | null;
  pending: Purpose | null;
  onChoose: (purpose: Purpose) => void;
  onClose: () => void;
}) {
  const { purposes } = useMe();
  const { w } = useWords();
  return (
    <Modal
      opened={given.isOpen}
      onClose={given.onClose}
      title={given.title ?? w.person.purposeTitle}
      size="sm"
      closeButtonProps={{ "aria-label": w.act.close }}
    >
      <div className="column">
        <p className="soft small">{w.person.purposeLead}</p>
        {given.error === null ? null : <ProblemNotice error={given.error} />}
        {purposes.map((purpose, index) => (
          <Button
            key={purpose}
            variant="default"
            justify="flex-start"
            loading={given.pending === purpose}
            disabled={given.pending !== null}
            data-autofocus={index === 0 || undefined}
            onClick={() => given.onChoose(purpose)}
          >
            {w.purposes[purpose]}
          </Button>
        ))}
      </div>
    </Modal>
  );
}

export interface Reveal {
  /** Revealed values by field key; gone again after their seconds. */
  readonly values: Readonly<Record<string, Shown>>;
  readonly secondsLeft: number;
  readonly reveal: (fields: readonly string[]) => void;
  /** The question for the purpose and the refusal, to stand anywhere on the screen. */
  readonly dialog: ReactNode;
}

/** Masked values of one customer, shown for their seconds once a purpose is stated. */
export function useReveal(customerNo: number): Reveal {
  const matter = useMatter(customerNo);
  const [asking, setAsking] = useState<readonly string[] | null>(null);
  const [values, setValues] = useState<Readonly<Record<string, Shown>>>({});
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(() => Date.now());

  const release = useMutation({
    mutationKey: ["reveal"],
    mutationFn: (asked: { fields: readonly string[]; purpose: Purpose }) =>
      call(revealValues, { params: { customerNo }, body: { fields: [...asked.fields], purpose: asked.purpose } }),
    onSuccess: (reply, asked) => {
      matter.state(asked.purpose);
      setAsking(null);
      setNow(Date.now());
      setValues((former) => ({ ...former, ...reply.values }));
      setUntil(Date.now() + reply.seconds * 1000);
    },
  });
  useEffect(() => {
    if (until === 0) return;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() < until) return;
      setValues({});
      setUntil(0);
    }, 500);
    return () => clearInterval(timer);
  }, [until]);

  const reveal = (fields: readonly string[]) => {
    if (fields.length === 0) return;
    const purpose = matter.purpose();
    if (purpose === undefined) setAsking(fields);
    else release.mutate({ fields, purpose });
  };
  const dialog = (
    <PurposeQuestion
      isOpen={asking !== null}
      error={release.error}
      pending={release.isPending ? release.variables.purpose : null}
      onChoose={(purpose) => asking !== null && release.mutate({ fields: asking, purpose })}
      onClose={() => {
        setAsking(null);
        release.reset();
      }}
    />
  );
  const secondsLeft = Math.max(0, Math.ceil((until - now) / 1000));
  const stillShown = useMemo(() => (secondsLeft > 0 ? values : {}), [secondsLeft, values]);
  return { values: stillShown, secondsLeft, reveal, dialog };
}
