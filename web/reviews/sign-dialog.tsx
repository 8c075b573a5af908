import { Modal } from "@mantine/core";
import { useState } from "react";
import { signReview, type ReviewHead } from "#shared/reviews.ts";
import { call } from "#web/call.ts";
import { DayField } from "#web/parts/day-field.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useReviewAct } from "#web/reviews/use-review-act.ts";
import { useWords } from "#web/words/words.ts";

const halfYearMs = 182 * 86_400_000;

/** Says in numbers what becomes final, and asks when the next review is due. */
export function SignDialog({ review, onClose }: { review: ReviewHead; onClose: () => void }) {
  const { w } = useWords();
  const words = w.reviews;
  const [nextDueOn, setNextDueOn] = useState(() => new Date(Date.now() + halfYearMs).toISOString().slice(0, 10));
  const sign = useReviewAct(
    () => call(signReview, { params: { reviewNo: review.reviewNo }, body: { nextDueOn } }),
    () => {
      onClose();
      return words.signedNote;
    },
  );
  return (
    <Modal opened onClose={onClose} title={words.signTitle} closeButtonProps={{ "aria-label": w.act.close }}>
      <div className="column">
        <p>{words.signLead(review.accounts, review.takenAway)}</p>
        <DayField label={words.nextDue} value={nextDueOn} isLabelled isRequired isFormSize onChange={(day) => day !== undefined && setNextDueOn(day)} />
        <DialogActs onCancel={onClose} label={words.sign} isBusy={sign.isPending} onAct={() => sign.mutate(undefined)} />
      </div>
    </Modal>
  );
}
