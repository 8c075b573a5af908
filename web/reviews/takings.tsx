import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { disableAccount, setAccountRoles } from "#shared/accounts.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listTakings } from "#shared/reviews.ts";
import { call } from "#web/call.ts";
import { AccountChip } from "#web/parts/chip.tsx";
import { Confirm } from "#web/parts/confirm.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { ReviewedLine } from "#web/reviews/reviewed-line.tsx";
import { useReviewAct } from "#web/reviews/use-review-act.ts";
import { useRoleName } from "#web/reviews/use-role-name.ts";
import { useWords } from "#web/words/words.ts";

type Taking = ReplyOf<typeof listTakings>["takings"][number];

/** What a review says of its officer to whoever manages accounts is what was found, and whether it is decided: no more. */
const undecided = { takes: null, decidedBy: null, decidedAt: null, reason: null, isCarriedOut: false };

/** What reviews decided to take away and nobody has yet: one click each for whoever manages accounts. */
export function Takings() {
  const { w } = useWords();
  const words = w.reviews;
  const { data, error } = useQuery({ queryKey: ["takings"], queryFn: () => call(listTakings), staleTime: 0 });
  const officer = data?.officer ?? null;
  return (
    <section className="column tight">
      {officer === null ? null : (
        <section className="column tight" aria-label={words.officer}>
          <h2>{words.officer}</h2>
          <p className="small soft">{words.officerHelp}</p>
          <ReviewedLine reviewNo={officer.reviewNo} reviewed={{ ...officer, ...undecided }} mayDecide asAdministrator />
        </section>
      )}
      <h2>{words.takings}</h2>
      {error === null ? null : <ProblemNotice error={error} />}
      {data === undefined ? null : data.takings.length === 0 ? (
        <p className="soft">{words.noTakings}</p>
      ) : (
        <>
          <p className="small soft">{words.takingsHelp}</p>
          <ul className="ruled" aria-label={words.takings}>
            {data.takings.map((taking) => (
              <li key={taking.accountNo}>
                <TakingLine taking={taking} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function TakingLine({ taking }: { taking: Taking }) {
  const { w, list } = useWords();
  const words = w.reviews;
  const nameOf = useRoleName();
  const [isAsking, setIsAsking] = useState(false);
  const { accountNo, takes } = taking;
  const names = list(takes.roles.map(nameOf));
  const take = useReviewAct(
    async () => {
      if (takes.account) await call(disableAccount, { params: { accountNo } });
      else await call(setAccountRoles, { params: { accountNo }, body: { roles: taking.roles.filter((role) => !takes.roles.includes(role)) } });
    },
    () => words.takenNote,
  );
  const action = takes.account ? words.stopNow : words.takeNow;
  return (
    <div className="line apart">
      <span className="line">
        <AccountChip no={accountNo} />
        {takes.account ? words.takeAccount : words.takeRoles(names)}
      </span>
      <Button size="xs" loading={take.isPending} onClick={() => setIsAsking(true)}>
        {action}
      </Button>
      <Confirm
        title={takes.account ? words.takeAccount : words.takeRoles(names)}
        lead={takes.account ? words.confirmStop : words.confirmTake(names)}
        action={action}
        isOpen={isAsking}
        isLoss
        onConfirm={() => {
          setIsAsking(false);
          take.mutate(undefined);
        }}
        onClose={() => setIsAsking(false)}
      />
    </div>
  );
}
