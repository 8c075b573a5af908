import { Link } from "@tanstack/react-router";
import { describeRequest, type Request } from "#web/approvals/describe-request.ts";
import styles from "#web/approvals/approvals.module.css";
import { At } from "#web/parts/at.tsx";
import { AccountChip, CustomerChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { useAllFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** What a request is judged by, to be taken in within ten seconds: the sentence in numbers, then who, why and until when. */
export function RequestFacts({ request }: { request: Request }) {
  const spoken = useWords();
  const { w, dateTime, date } = spoken;
  const fields = useAllFields("customer");
  const { listNo, endsOn, draftNo } = request.more;
  return (
    <div className="column tight">
      <div className="line">
        <span className="soft small">{w.approvals.kinds[request.kind]}</span>
        {request.sensitive ? <Mark tone="look">{w.approvals.sensitive}</Mark> : null}
      </div>
      <p className={styles["sentence"]}>{describeRequest(request, fields, spoken)}</p>
      <p>
        <span className="soft small">
          {request.kind === "ledger-outlet" ? w.approvals.outletTarget : request.kind === "log-token" ? w.approvals.logTokenName : w.approvals.reason}
        </span>{" "}
        {request.reason === null ? <span className="soft">{w.approvals.noReason}</span> : <Value shown={request.reason} isBare />}
      </p>
      <p className="line small soft">
        <AccountChip no={request.askedBy} />
        <span>{w.approvals.asked(dateTime(request.askedAt))}</span>
        {request.state === "waiting" ? <span>{w.approvals.until(date(request.expiresAt))}</span> : null}
        {typeof endsOn === "string" ? <span>{w.approvals.usableUntil(date(`${endsOn}T00:00:00+09:00`))}</span> : null}
        {request.kind === "incident-paper" && typeof draftNo === "number" && request.state === "waiting" ? (
          <Link to="/incident-papers/$draftNo" params={{ draftNo: String(draftNo) }}>
            {w.incidentDrafts.readPaper}
          </Link>
        ) : null}
        {typeof listNo === "number" ? (
          <Link to="/lists/$listNo" params={{ listNo: String(listNo) }}>
            {w.approvals.list(listNo)}
          </Link>
        ) : null}
      </p>
      {request.state === "waiting" && request.sample.length > 0 ? (
        <p className="line small">
          <span className="soft">{w.approvals.sample}</span>
          {request.sample.map((no) => (
            <CustomerChip key={no} no={no} />
          ))}
        </p>
      ) : null}
      {request.decidedAt === null ? null : (
        <p className="line small soft">
          {request.decidedBy === null ? null : (
            <>
              <span>{w.approvals.judgedBy}</span> <AccountChip no={request.decidedBy} />
            </>
          )}
          <At iso={request.decidedAt} />
          {request.comment === null ? null : <Value shown={request.comment} isBare />}
        </p>
      )}
    </div>
  );
}
