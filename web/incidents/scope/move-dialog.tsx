import { Modal, Radio, Textarea } from "@mantine/core";
import { useState } from "react";
import { moveScopePeople, scopeTiers, type ScopeTier } from "#shared/incident-scope.ts";
import { call } from "#web/call.ts";
import { useScopeAct } from "#web/incidents/scope/use-scope.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

const longestReason = 1_000;

/** The officer's own judgement about people, with its reason. */
export function MoveDialog(given: {
  incidentNo: number;
  runNo: number;
  from: ScopeTier;
  customerNos: readonly number[];
  onMoved: () => void;
  onClose: () => void;
}) {
  const { w } = useWords();
  const words = w.incidentScope;
  const others = scopeTiers.filter((tier) => tier !== given.from);
  const [tier, setTier] = useState<ScopeTier>(others[0] as ScopeTier);
  const [reason, setReason] = useState("");
  const move = useScopeAct(
    () =>
      call(moveScopePeople, {
        params: { incidentNo: given.incidentNo, runNo: given.runNo },
        body: { customerNos: [...given.customerNos], tier, reason: reason.trim() },
      }),
    ({ outOfNotices }) => {
      given.onMoved();
      return words.move.done(given.customerNos.length, words.tiers[tier], outOfNotices);
    },
  );
  return (
    <Modal opened onClose={given.onClose} title={words.move.title(given.customerNos.length)} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== "") move.mutate(undefined);
        }}
      >
        <Radio.Group label={words.move.to} value={tier} onChange={(value) => setTier(others.find((one) => one === value) ?? tier)}>
          <div className="line" style={{ paddingTop: 4 }}>
            {others.map((one) => (
              <Radio key={one} value={one} label={words.tiers[one]} />
            ))}
          </div>
        </Radio.Group>
        <Textarea
          label={words.move.reason}
          description={words.move.reasonHelp}
          data-autofocus
          rows={3}
          maxLength={longestReason}
          autoComplete="off"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <DialogActs onCancel={given.onClose} label={words.move.action} isDisabled={reason.trim() === ""} isBusy={move.isPending} />
      </form>
    </Modal>
  );
}
