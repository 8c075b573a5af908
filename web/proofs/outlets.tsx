import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { endOutlet, listEpochs, listOutlets } from "#shared/proofs.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { Confirm } from "#web/parts/confirm.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { SecretLink } from "#web/parts/secret-link.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { AddOutlet } from "#web/proofs/add-outlet.tsx";
import { LogTokens } from "#web/proofs/log-tokens.tsx";
import styles from "#web/proofs/outlets.module.css";
import { useWords } from "#web/words/words.ts";

type Outlet = ReplyOf<typeof listOutlets>["outlets"][number];

const tones = { waiting: "plain", ok: "act", failing: "look", refused: "loss" } as const;
const lookAgainMs = 10_000;

/** Witnesses and other places that are sent checkpoints or events: how each is, and what to do where it is not well. */
export function Outlets() {
  const { w } = useWords();
  const may = useMay();
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: ["outlets"], queryFn: () => call(listOutlets), refetchInterval: lookAgainMs });
  const epochs = useQuery({ queryKey: ["epochs"], queryFn: () => call(listEpochs) });
  const [isAdding, setIsAdding] = useState(false);
  const [ending, setEnding] = useState<Outlet | null>(null);
  const end = useMutation({
    mutationFn: (outlet: Outlet) => call(endOutlet, { params: { outletNo: outlet.outletNo } }),
    onSuccess: () => {
      setEnding(null);
      notifications.show({ message: w.proofs.ended });
      void client.invalidateQueries({ queryKey: ["outlets"] });
    },
  });
  const mayChange = may("run-backup");
  const key = epochs.data?.epochs.at(-1)?.verifierKey;
  const add = mayChange ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setIsAdding(true)}>
      {w.proofs.add}
    </Button>
  ) : undefined;
  if (error !== null) return <ProblemNotice error={error} />;
  return (
    <section className="column">
      <p className="soft">{w.proofs.lead}</p>
      {data === undefined ? null : data.outlets.length === 0 ? (
        <EmptyState title={w.proofs.noneTitle} help={w.proofs.noneHelp} action={add} />
      ) : (
        <>
          {add === undefined ? null : <div className="line">{add}</div>}
          <ul className={styles["places"]}>
            {data.outlets.map((outlet) => (
              <li key={outlet.outletNo}>
                <div className={styles["what"]}>
                  <span className="line">
                    <strong>{w.proofs.kinds[outlet.kind]}</strong>
                    {outlet.isAllowed ? (
                      <Mark tone={tones[outlet.state]}>{w.proofs.states[outlet.state]}</Mark>
                    ) : (
                      <Mark tone="look">{w.proofs.awaitsConsent}</Mark>
                    )}
                  </span>
                  <span className={styles["target"]}>{outlet.name === null ? outlet.target : `${outlet.name} — ${outlet.target}`}</span>
                  {outlet.isAllowed ? null : <span className="soft small">{w.proofs.awaitsConsentHelp}</span>}
                  {outlet.lastAt === null || outlet.lastSize === null ? null : (
                    <span className="soft small">
                      <At iso={outlet.lastAt} /> {w.proofs.last(outlet.lastSize)}
                    </span>
                  )}
                  {outlet.waiting === null || outlet.waiting === 0 ? null : <span className="soft small">{w.proofs.waiting(outlet.waiting)}</span>}
                  {outlet.problem === null ? null : (
                    <span className={outlet.state === "refused" ? styles["alarm"] : styles["why"]} role={outlet.state === "refused" ? "alert" : undefined}>
                      <IconAlertTriangle size={16} aria-hidden /> {w.proofs.problems[outlet.problem]}
                    </span>
                  )}
                </div>
                {mayChange ? (
                  <Button variant="default" size="xs" onClick={() => setEnding(outlet)}>
                    {w.proofs.end}
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      )}
      {key === undefined ? null : (
        <div className="column tight">
          <SecretLink label={w.proofs.keyTitle} text={`./kuraban witness --dir witness --log-key '${key}'`} />
          <p className="soft small">{w.proofs.keyHelp}</p>
        </div>
      )}
      <LogTokens />
      <Modal opened={isAdding} onClose={() => setIsAdding(false)} title={w.proofs.add} closeButtonProps={{ "aria-label": w.act.close }}>
        {isAdding ? <AddOutlet onClose={() => setIsAdding(false)} /> : null}
      </Modal>
      <Confirm
        title={w.proofs.end}
        lead={
          <>
            {ending === null ? "" : ending.waiting === null ? w.proofs.endLead(ending.name ?? ending.target) : w.proofs.endFeedLead(ending.target)}
            {end.error === null ? null : <ProblemNotice error={end.error} />}
          </>
        }
        action={w.proofs.end}
        isOpen={ending !== null}
        isBusy={end.isPending}
        isLoss
        onConfirm={() => {
          if (ending !== null) end.mutate(ending);
        }}
        onClose={() => setEnding(null)}
      />
    </section>
  );
}
