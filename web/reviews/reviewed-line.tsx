import { Button, Checkbox, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { decideOfficer, decideReviewed, type ReviewTakes, type showReview } from "#shared/reviews.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { useDepartments } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import styles from "#web/reviews/reviews.module.css";
import { useReviewAct } from "#web/reviews/use-review-act.ts";
import { useRoleName } from "#web/reviews/use-role-name.ts";
import { useWords } from "#web/words/words.ts";

export type Reviewed = ReplyOf<typeof showReview>["accounts"][number];

/**
 * One member of staff in a review: reach, use, what could go, and the decision. `isOwn`: somebody else decides. `asAdministrator`: the only
 * privacy officer, about whom whoever manages accounts decides.
 */
export function ReviewedLine({
  reviewNo,
  reviewed,
  mayDecide,
  isOwn = false,
  asAdministrator = false,
}: {
  reviewNo: number;
  reviewed: Reviewed;
  mayDecide: boolean;
  isOwn?: boolean;
  asAdministrator?: boolean;
}) {
  const { w, list, date } = useWords();
  const words = w.reviews;
  const nameOf = useRoleName();
  const departments = useDepartments();
  const [isChanging, setIsChanging] = useState(false);
  const [isTaking, setIsTaking] = useState(false);
  const { accountNo, found, decision } = reviewed;
  const decide = useReviewAct(
    (given: { decision: "keep" | "take-away" | "ask"; takes?: ReviewTakes; reason?: string }) =>
      asAdministrator
        ? call(decideOfficer, { params: { reviewNo }, body: given })
        : call(decideReviewed, { params: { reviewNo }, body: { accountNos: [accountNo], ...given } }),
    ({ decided }) => {
      setIsChanging(false);
      setIsTaking(false);
      return words.decidedNote(decided);
    },
  );
  const personal = found.reach.find((one) => one.class === "personal");
  const unusedVerbs = found.verbs.filter((one) => one.isMeasured && one.lastAt === null).map((one) => w.settings.verbs[one.verb]);
  return (
    <>
      <div className="line">
        <AccountChip no={accountNo} />
        <span className="small soft">{departments.find((one) => one.departmentNo === found.departmentNo)?.name ?? ""}</span>
        {found.state === "active" ? null : <Mark>{words.readers.states[found.state]}</Mark>}
        {found.roles.map(({ role, isUnused }) => (
          <Mark key={role} tone={isUnused ? "look" : "plain"}>
            {isUnused ? words.unusedRole(nameOf(role)) : nameOf(role)}
          </Mark>
        ))}
        {found.proposes.account ? <Mark tone="look">{words.away}</Mark> : null}
      </div>
      <p className="small">
        {words.reach(personal?.read ?? 0, personal?.full ?? 0)} / {words.seen(found.seen)} /{" "}
        {found.lastSeenAt === null ? words.neverIn : words.lastSeen(date(found.lastSeenAt))}
      </p>
      {unusedVerbs.length === 0 ? null : <p className="small soft">{words.unusedVerbs(list(unusedVerbs))}</p>}
      {decision === null ? null : <Decided reviewed={reviewed} />}
      {!mayDecide ? null : isOwn ? (
        <p className="small soft">{words.own}</p>
      ) : decision !== null && !isChanging ? (
        <div>
          <Button size="xs" variant="subtle" onClick={() => setIsChanging(true)}>
            {words.change}
          </Button>
        </div>
      ) : (
        <div className="line">
          <Button size="xs" variant="default" loading={decide.isPending} onClick={() => decide.mutate({ decision: "keep" })}>
            {words.keep}
          </Button>
          <Button size="xs" variant={found.proposes.account || found.proposes.roles.length > 0 ? "filled" : "default"} onClick={() => setIsTaking(true)}>
            {words.takeAway}
          </Button>
          <Button size="xs" variant="subtle" onClick={() => decide.mutate({ decision: "ask" })}>
            {words.ask}
          </Button>
        </div>
      )}
      {isTaking ? (
        <TakeDialog
          reviewed={reviewed}
          isBusy={decide.isPending}
          onClose={() => setIsTaking(false)}
          onTake={(takes, reason) => decide.mutate({ decision: "take-away", takes, reason })}
        />
      ) : null}
    </>
  );
}

function Decided({ reviewed }: { reviewed: Reviewed }) {
  const { w, list } = useWords();
  const words = w.reviews;
  const nameOf = useRoleName();
  const { decision, takes } = reviewed;
  if (decision === null) return null;
  return (
    <div className={`line small ${styles["decided"]}`}>
      <Mark tone={decision === "take-away" ? "act" : decision === "ask" ? "look" : "plain"}>{words.decisions[decision]}</Mark>
      {takes === null ? null : (
        <>
          {takes.account ? words.takeAccount : list(takes.roles.map(nameOf))}
          <Mark tone={reviewed.isCarriedOut ? "plain" : "look"}>{reviewed.isCarriedOut ? words.carriedOut : words.notCarriedOut}</Mark>
        </>
      )}
      {reviewed.reason === null ? null : <Value shown={reviewed.reason} isBare />}
      {reviewed.decidedAt === null ? null : (
        <span className="soft">
          <At iso={reviewed.decidedAt} form="short" />
        </span>
      )}
    </div>
  );
}

function TakeDialog({
  reviewed: { found },
  isBusy,
  onTake,
  onClose,
}: {
  reviewed: Reviewed;
  isBusy: boolean;
  onTake: (takes: ReviewTakes, reason: string) => void;
  onClose: () => void;
}) {
  const { w } = useWords();
  const words = w.reviews;
  const nameOf = useRoleName();
  const [roles, setRoles] = useState<readonly string[]>(found.proposes.roles);
  const [isAccount, setIsAccount] = useState(found.proposes.account);
  const [reason, setReason] = useState("");
  return (
    <Modal opened onClose={onClose} title={words.takeTitle} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          onTake(isAccount ? { roles: [], account: true } : { roles: [...roles], account: false }, reason);
        }}
      >
        <p>{words.takeLead}</p>
        {found.roles.map(({ role, isUnused, loses }) => {
          const personal = loses.find((one) => one.class === "personal");
          return (
            <Checkbox
              key={role}
              label={isUnused ? words.unusedRole(nameOf(role)) : nameOf(role)}
              description={(personal?.read ?? 0) === 0 ? words.roleNoLoss : words.roleLoss(1, personal?.read ?? 0)}
              checked={isAccount || roles.includes(role)}
              disabled={isAccount}
              onChange={(event) => setRoles(event.currentTarget.checked ? [...roles, role] : roles.filter((other) => other !== role))}
            />
          );
        })}
        <Checkbox label={words.takeAccount} checked={isAccount} onChange={(event) => setIsAccount(event.currentTarget.checked)} />
        <Textarea
          label={words.reason}
          description={words.reasonHelp}
          rows={2}
          maxLength={400}
          autoComplete="off"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <DialogActs onCancel={onClose} label={words.decide} isBusy={isBusy} isDisabled={!isAccount && roles.length === 0} />
      </form>
    </Modal>
  );
}
