import { Checkbox, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { placeHold } from "#shared/evidence.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/evidence/evidence.module.css";
import type { Evidence } from "#web/incidents/evidence/use-evidence.ts";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

const tiers = ["confirmed", "possible"] as const;

export function HoldDialog({ incidentNo, run, onClose }: { incidentNo: number; run: Evidence["run"]; onClose: () => void }) {
  const { w } = useWords();
  const words = w.evidence;
  const [asked, setAsked] = useState({ confirmed: true, possible: true, withCauses: true, withLedger: true, reason: "" });
  const chosen = tiers.filter((tier) => asked[tier]);
  const persons = run === null ? 0 : chosen.reduce((sum, tier) => sum + run[tier], 0);
  const act = useIncidentAct(
    () =>
      call(placeHold, {
        params: { incidentNo },
        body: {
          ...(run === null || chosen.length === 0 ? {} : { runNo: run.runNo }),
          tiers: [...chosen],
          withCauses: asked.withCauses,
          withLedger: asked.withLedger,
          reason: asked.reason.trim(),
        },
      }),
    (placed) => {
      onClose();
      return words.placed(placed.persons);
    },
  );
  const isWhole = asked.reason.trim() !== "" && (persons > 0 || asked.withLedger);
  return (
    <Modal opened onClose={onClose} title={words.placeTitle} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole && !act.isPending) act.mutate(undefined);
        }}
      >
        <p role="status">{run === null ? words.noRun : words.placeLead(persons)}</p>
        {run === null ? null : (
          <fieldset className={`column tight ${styles["tiers"] ?? ""}`}>
            <legend className="small soft">{words.tiersLabel}</legend>
            {tiers.map((tier) => (
              <Checkbox
                key={tier}
                label={`${words.tiers[tier]} ${words.persons(run[tier])}`}
                checked={asked[tier]}
                onChange={(event) => setAsked({ ...asked, [tier]: event.currentTarget.checked })}
              />
            ))}
          </fieldset>
        )}
        <Checkbox
          label={words.withCauses}
          disabled={run === null}
          checked={asked.withCauses}
          onChange={(event) => setAsked({ ...asked, withCauses: event.currentTarget.checked })}
        />
        <Checkbox
          label={words.withLedger}
          description={words.ledgerHelp}
          checked={asked.withLedger}
          onChange={(event) => setAsked({ ...asked, withLedger: event.currentTarget.checked })}
        />
        <Textarea
          label={words.reason}
          data-autofocus
          value={asked.reason}
          maxLength={400}
          autosize
          minRows={2}
          autoComplete="off"
          onChange={(event) => setAsked({ ...asked, reason: event.currentTarget.value })}
        />
        <DialogActs onCancel={onClose} label={words.place} isBusy={act.isPending} isDisabled={!isWhole} />
      </form>
    </Modal>
  );
}
