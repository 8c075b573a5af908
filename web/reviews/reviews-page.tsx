import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { listReviews, openReview, type ReviewHead } from "#shared/reviews.ts";
import { call } from "#web/call.ts";
import { NumberField } from "#web/ledger/number-field.tsx";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useKeptFocus } from "#web/parts/use-kept-focus.ts";
import { useMay } from "#web/parts/use-me.ts";
import { CustomerReaders } from "#web/reviews/customer-readers.tsx";
import { Takings } from "#web/reviews/takings.tsx";
import { useReviewAct } from "#web/reviews/use-review-act.ts";
import { useWords } from "#web/words/words.ts";

/** 棚卸し: what is to be taken away, the reviews so far, and who can see one customer. */
export function ReviewsPage() {
  const { w } = useWords();
  const words = w.reviews;
  useDocumentTitle(words.title);
  const room = useKeptFocus();
  const may = useMay();
  const navigate = useNavigate();
  const { customer }: { customer?: number } = useSearch({ strict: false });
  const open = useReviewAct(
    () => call(openReview, { body: {} }),
    ({ reviewNo }) => {
      void navigate({ to: "/reviews/$reviewNo", params: { reviewNo: String(reviewNo) } });
      return words.opened;
    },
  );
  const { data, error } = useQuery({ queryKey: ["reviews"], queryFn: () => call(listReviews), staleTime: 0, enabled: may("read-ledger") });
  const isUnderWay = data?.reviews.some((one) => one.state !== "signed") === true;
  return (
    <div ref={room} className="page">
      <PageHead title={words.title} lead={words.lead}>
        {may("consent-rights") && data !== undefined && !isUnderWay ? (
          <Button loading={open.isPending} onClick={() => open.mutate(undefined)}>
            {words.open}
          </Button>
        ) : null}
      </PageHead>
      {may("manage-accounts") ? <Takings /> : null}
      {error === null ? null : <ProblemNotice error={error} />}
      {data === undefined ? null : data.reviews.length === 0 ? (
        <EmptyState title={words.none} help={words.noneHelp} />
      ) : (
        <ul className="ruled" aria-label={words.title}>
          {data.reviews.map((review) => (
            <li key={review.reviewNo}>
              <ReviewLine review={review} />
            </li>
          ))}
        </ul>
      )}
      {may("read-ledger") && may("read-exposures") ? (
        <section className="column tight">
          <h2>{words.whoSees}</h2>
          <NumberField
            label={words.customerNo}
            value={customer}
            onChange={(next) => void navigate({ to: "/reviews", search: next === undefined ? {} : { customer: next }, replace: true })}
          />
          {customer === undefined ? null : <CustomerReaders key={customer} customerNo={customer} />}
        </section>
      ) : null}
    </div>
  );
}

function ReviewLine({ review }: { review: ReviewHead }) {
  const { w, date } = useWords();
  const words = w.reviews;
  return (
    <>
      <div className="line">
        <Link to="/reviews/$reviewNo" params={{ reviewNo: String(review.reviewNo) }}>
          {words.nth(review.reviewNo)}
        </Link>
        <Mark tone={review.state === "signed" ? "plain" : "look"}>{words.states[review.state]}</Mark>
        <span className="small soft">
          <At iso={review.openedAt} form="date" />
        </span>
        <AccountChip no={review.openedBy} />
      </div>
      <p className="small soft">
        {words.progress(review.decided, review.accounts)} / {words.taken(review.takenAway)}
        {review.nextDueOn === null ? "" : ` / ${words.nextDue}: ${date(`${review.nextDueOn}T12:00:00+09:00`)}`}
      </p>
    </>
  );
}
