import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { decideReviewed, reviewPdf, showReview } from "#shared/reviews.ts";
import { call, download } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useKeptFocus } from "#web/parts/use-kept-focus.ts";
import { useMay, useMe } from "#web/parts/use-me.ts";
import { Why } from "#web/parts/why.tsx";
import { ReviewedLine, type Reviewed } from "#web/reviews/reviewed-line.tsx";
import styles from "#web/reviews/reviews.module.css";
import { SignDialog } from "#web/reviews/sign-dialog.tsx";
import { useReviewAct } from "#web/reviews/use-review-act.ts";
import { useRoleName } from "#web/reviews/use-role-name.ts";
import { useWords } from "#web/words/words.ts";

type Whole = ReplyOf<typeof showReview>;

/** One review: roles, then member of staff by member of staff, then the signature. */
export function ReviewPage() {
  const { w } = useWords();
  const params: { reviewNo?: string } = useParams({ strict: false });
  const reviewNo = Number(params.reviewNo);
  useDocumentTitle(`${w.reviews.title} ${w.reviews.nth(reviewNo)}`);
  const room = useKeptFocus();
  const { data, error, refetch } = useQuery({
    queryKey: ["review", reviewNo],
    queryFn: () => call(showReview, { params: { reviewNo } }),
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.review.state === "gathering" ? 1_000 : false),
  });
  return (
    <div ref={room} className="page">
      {error === null ? null : <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null ? <p className="soft">{w.act.loading}</p> : null : <Review whole={data} />}
    </div>
  );
}

const hasProposal = ({ found }: Reviewed): boolean => found.proposes.account || found.proposes.roles.length > 0;

function Review({ whole }: { whole: Whole }) {
  const { w, date } = useWords();
  const words = w.reviews;
  const { review } = whole;
  const mayDecide = useMay()("consent-rights") && review.state === "open";
  const [isSigning, setIsSigning] = useState(false);
  const print = useReviewAct(
    () => download(reviewPdf, { params: { reviewNo: review.reviewNo }, body: {} }),
    () => w.uses.made,
  );
  const keepRest = useReviewAct(
    (accountNos: number[]) => call(decideReviewed, { params: { reviewNo: review.reviewNo }, body: { accountNos, decision: "keep" } }),
    ({ decided }) => words.decidedNote(decided),
  );
  const accounts = whole.accounts.toSorted((a, b) => Number(hasProposal(b)) - Number(hasProposal(a)) || a.accountNo - b.accountNo);
  const me = useMe().accountNo;
  const rest = accounts.filter((one) => one.decision === null && one.accountNo !== me && !hasProposal(one)).map(({ accountNo }) => accountNo);
  const waiting = accounts.filter((one) => one.decision === null || one.decision === "ask").length;
  return (
    <>
      <PageHead
        title={`${words.title} ${words.nth(review.reviewNo)}`}
        marks={<Mark tone={review.state === "signed" ? "plain" : "look"}>{words.states[review.state]}</Mark>}
      >
        {review.state === "gathering" ? null : (
          <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden />} loading={print.isPending} onClick={() => print.mutate(undefined)}>
            {words.pdf}
          </Button>
        )}
        {mayDecide ? (
          <Button disabled={waiting > 0} title={waiting > 0 ? words.signWaiting(waiting) : undefined} onClick={() => setIsSigning(true)}>
            {words.sign}
          </Button>
        ) : null}
      </PageHead>
      {review.state === "gathering" ? (
        <p className="soft" role="status">
          {words.gathering}
        </p>
      ) : (
        <>
          <div className="column tight">
            <p className="small soft" role="status">
              {words.progress(review.decided, review.accounts)} / {words.taken(review.takenAway)}
              {mayDecide && waiting > 0 ? ` / ${words.signWaiting(waiting)}` : ""}
            </p>
            {whole.observedFrom === null ? null : (
              <p className="small soft">
                {words.period(date(whole.observedFrom))} <Why article="ledger">{words.periodWhy}</Why>
              </p>
            )}
            <Sealed whole={whole} />
          </div>
          <RolesFound whole={whole} />
          <section className="column tight">
            <div className="line apart">
              <h2>{words.accounts}</h2>
              {mayDecide && rest.length > 0 ? (
                <Button variant="default" loading={keepRest.isPending} onClick={() => keepRest.mutate(rest)}>
                  {words.keepRest(rest.length)}
                </Button>
              ) : null}
            </div>
            <ul className="ruled" aria-label={words.accounts}>
              {accounts.map((one) => (
                <li key={one.accountNo}>
                  <ReviewedLine reviewNo={review.reviewNo} reviewed={one} mayDecide={mayDecide} isOwn={one.accountNo === me} />
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
      {isSigning ? <SignDialog review={review} onClose={() => setIsSigning(false)} /> : null}
    </>
  );
}

/** Who signed, and whether what stands here is what was signed. */
function Sealed({ whole: { review, seal } }: { whole: Whole }) {
  const { w } = useWords();
  const words = w.reviews;
  if (review.signedAt === null || seal === null) return null;
  return (
    <>
      <p className="line small">
        {words.signedBy} <At iso={review.signedAt} /> <AccountChip no={review.signedBy} />
        <Mark tone={seal.isIntact ? "plain" : "loss"}>{seal.isIntact ? words.intact : words.broken}</Mark>
      </p>
      <p className={`small soft ${styles["hash"]}`}>SHA-256 {seal.hash}</p>
    </>
  );
}

function RolesFound({ whole }: { whole: Whole }) {
  const { w } = useWords();
  const words = w.reviews;
  const nameOf = useRoleName();
  return (
    <section className="column tight">
      <h2>{words.byRole}</h2>
      <ul className="ruled" aria-label={words.byRole}>
        {whole.roles.map((role) => {
          const people = role.loses.find((one) => one.class === "personal")?.read ?? 0;
          return (
            <li key={role.role}>
              <div className="line">
                <strong>{nameOf(role.role)}</strong>
                <span className="small soft">{words.roleUse(role.staff, role.usedBy)}</span>
                {role.usedBy === 0 ? <Mark tone="look">{words.unused}</Mark> : null}
              </div>
              <p className="small soft">{people === 0 ? words.roleNoLoss : words.roleLoss(role.losing, people)}</p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
