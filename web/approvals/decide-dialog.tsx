import { Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { decideApproval } from "#shared/approvals.ts";
import type { Request } from "#web/approvals/describe-request.ts";
import { RequestFacts } from "#web/approvals/request-facts.tsx";
import { call } from "#web/call.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

export type Decision = "approve" | "refuse";

/** The last look before a decision, with room for a word to whoever asked. Enter decides. */
export function DecideDialog({ request, decision, onClose }: { request: Request; decision: Decision; onClose: () => void }) {
  const { w } = useWords();
  const client = useQueryClient();
  const [comment, setComment] = useState("");
  const isYes = decision === "approve";
  const decide = useMutation({
    mutationFn: () => call(decideApproval, { params: { requestNo: request.requestNo }, body: { decision, comment } }),
    onSuccess: ({ kind }) => {
      notifications.show({ message: kind === "approved" ? w.approvals.approved : w.approvals.refused });
      onClose();
    },
    onSettled: () => {
      for (const key of ["approvals", "lists"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <Modal opened onClose={onClose} title={isYes ? w.approvals.approveTitle : w.approvals.refuseTitle} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          decide.mutate();
        }}
      >
        <RequestFacts request={request} />
        {isYes ? <p className="small">{w.approvals.approveLead}</p> : null}
        {decide.error === null ? null : <ProblemNotice error={decide.error} />}
        <TextInput
          data-autofocus
          label={w.approvals.comment}
          placeholder={w.approvals.commentHint}
          value={comment}
          maxLength={400}
          autoComplete="off"
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <DialogActs onCancel={onClose} label={isYes ? w.approvals.approve : w.approvals.refuse} isBusy={decide.isPending} isLoss={!isYes} />
      </form>
    </Modal>
  );
}
