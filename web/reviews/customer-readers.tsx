import { useQuery } from "@tanstack/react-query";
import type { ReplyOf } from "#shared/endpoint.ts";
import { customerReaders } from "#shared/reviews.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useDepartments } from "#web/parts/use-directory.ts";
import { Why } from "#web/parts/why.tsx";
import styles from "#web/reviews/reviews.module.css";
import { useRoleName } from "#web/reviews/use-role-name.ts";
import { useWords } from "#web/words/words.ts";

type Reply = ReplyOf<typeof customerReaders>;
type Reader = Reply["readers"][number];

/** だれが見られるか: who can see this person now, which classes, why, and when each last did. */
export function CustomerReaders({ customerNo }: { customerNo: number }) {
  const { w } = useWords();
  const words = w.reviews.readers;
  const { data, error } = useQuery({ queryKey: ["readers", customerNo], queryFn: () => call(customerReaders, { params: { customerNo } }), staleTime: 0 });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const active = data.readers.filter((one) => one.state === "active").toSorted(lastFirst);
  const others = data.readers.filter((one) => one.state !== "active");
  return (
    <div className="column">
      <p>
        {words.lead(active.length, data.accounts)} <Why article="roles">{words.why}</Why>
      </p>
      {data.isSuspended ? <p className="small soft">{words.suspended}</p> : null}
      {data.state === "active" ? null : <p className="small soft">{words[data.state]}</p>}
      {active.length === 0 ? <p className="soft">{words.none}</p> : <Readers label={words.tab} readers={active} of={data} />}
      {others.length === 0 ? null : (
        <details>
          <summary className="soft">{words.inactive(others.length)}</summary>
          <Readers label={words.inactive(others.length)} readers={others} of={data} />
        </details>
      )}
    </div>
  );
}

function lastFirst(a: Reader, b: Reader): number {
  return (b.lastLook?.at ?? "").localeCompare(a.lastLook?.at ?? "") || a.accountNo - b.accountNo;
}

function Readers({ label, readers, of }: { label: string; readers: readonly Reader[]; of: Reply }) {
  return (
    <ul className="ruled" aria-label={label}>
      {readers.map((reader) => (
        <li key={reader.accountNo}>
          <ReaderLine reader={reader} of={of} />
        </li>
      ))}
    </ul>
  );
}

function ReaderLine({ reader, of }: { reader: Reader; of: Reply }) {
  const { w, short } = useWords();
  const words = w.reviews.readers;
  const departments = useDepartments();
  const department = departments.find((one) => one.departmentNo === reader.departmentNo)?.name;
  return (
    <>
      <div className="line">
        <AccountChip no={reader.accountNo} />
        {department === undefined ? null : <span className="small soft">{department}</span>}
        {reader.state === "active" ? null : <Mark>{words.states[reader.state]}</Mark>}
      </div>
      <div className={styles["classes"]}>
        {reader.classes.map((one) => (
          <Mark key={one.class} tone={one.shows === "full" && (one.class === "personal" || one.class === "sensitive") ? "look" : "plain"}>
            {w.classes[one.class]}: {words.shows[one.shows]}
            {one.level === "write" ? ` / ${words.edits}` : ""}
          </Mark>
        ))}
      </div>
      <Because reader={reader} />
      <p className="small soft">
        {reader.mayReveal && reader.classes.some((one) => one.shows === "masked") ? `${words.reveal} / ` : ""}
        {reader.lastLook !== null ? (
          <>
            {words.last} <At iso={reader.lastLook.at} form="short" />
          </>
        ) : of.lookedBackTo === null ? (
          words.never
        ) : (
          words.neverSince(short(of.lookedBackTo))
        )}
      </p>
    </>
  );
}

/** Each grant once: the role, and what of the customer lets it in. */
function Because({ reader }: { reader: Reader }) {
  const { w } = useWords();
  const words = w.reviews.readers;
  const nameOf = useRoleName();
  return (
    <ul className={styles["because"]}>
      {reader.reasons.map((reason, at) => (
        <li key={`${reason.role} ${reason.scope} ${at}`}>
          {words.because(nameOf(reason.role), words.scopes[reason.scope])}
          <span className="soft"> ({reason.classes.map((one) => `${w.classes[one.class]}${one.isMasked ? `: ${words.shows.masked}` : ""}`).join(" / ")})</span>
        </li>
      ))}
    </ul>
  );
}
