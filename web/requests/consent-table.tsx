import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { consentHows, recordConsent, type UsePurpose } from "#shared/person-requests.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useAct } from "#web/requests/use-act.ts";
import { useUsePurposes, type PersonFile } from "#web/requests/use-person-file.ts";
import { useWords } from "#web/words/words.ts";

/** What the person agreed or objected to, by purpose; editable in place by whoever may write the person. */
export function ConsentTable({ customerNo, file }: { customerNo: number; file: PersonFile }) {
  const { w } = useWords();
  const words = w.requests;
  const purposes = useUsePurposes().filter((one) => !one.isArchived || file.consents.some((consent) => consent.purposeNo === one.purposeNo));
  return (
    <section className="column tight">
      <h2>{words.consents}</h2>
      {purposes.length === 0 ? (
        <p className="small soft">{words.noPurposes}</p>
      ) : (
        <div className="scroll-x" tabIndex={0} role="region" aria-label={words.consents}>
          <table className="plain-table" data-stacks>
            <thead>
              <tr>
                <th scope="col">{words.purpose}</th>
                <th scope="col">{words.stance}</th>
                <th scope="col">{w.act.change}</th>
              </tr>
            </thead>
            <tbody>
              {purposes.map((purpose) => (
                <Row key={purpose.purposeNo} customerNo={customerNo} purpose={purpose} file={file} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ customerNo, purpose, file }: { customerNo: number; purpose: UsePurpose; file: PersonFile }) {
  const { w, label } = useWords();
  const words = w.requests;
  const [how, setHow] = useState<(typeof consentHows)[number]>("oral");
  const now = file.consents.find((one) => one.purposeNo === purpose.purposeNo && one.withdrawnAt === null);
  const former = file.consents.find((one) => one.purposeNo === purpose.purposeNo && one.withdrawnAt !== null);
  const record = useAct(
    (stance: "given" | "objected" | "withdrawn") => call(recordConsent, { params: { customerNo }, body: { purposeNo: purpose.purposeNo, stance, how } }),
    () => words.consentRecorded,
  );
  return (
    <tr>
      <td>
        {label(purpose)}
        <div className="soft">{words.opts[purpose.opt]}</div>
      </td>
      <td>
        {now === undefined ? (
          <span className="soft">{former === undefined ? words.none : words.stances.withdrawn}</span>
        ) : (
          <>
            <strong>{words.stances[now.stance]}</strong>{" "}
            <span className="soft">
              <At iso={now.recordedAt} form="date" /> {words.hows[now.how]}
            </span>
          </>
        )}
      </td>
      <td>
        {!file.may.write || purpose.isArchived ? null : (
          <div className="line">
            <NativeSelect
              aria-label={words.how}
              size="xs"
              value={how}
              data={consentHows.filter((one) => one !== "import").map((value) => ({ value, label: words.hows[value] }))}
              onChange={(event) => setHow(consentHows.find((one) => one === event.currentTarget.value) ?? "oral")}
            />
            {(["given", "objected", "withdrawn"] as const)
              .filter((stance) => (stance === "withdrawn" ? now !== undefined : now?.stance !== stance))
              .map((stance) => (
                <Button
                  key={stance}
                  size="xs"
                  variant="default"
                  loading={record.isPending && record.variables === stance}
                  onClick={() => record.mutate(stance)}
                >
                  {words.stances[stance]}
                </Button>
              ))}
          </div>
        )}
        {record.error === null ? null : <ProblemNotice error={record.error} />}
      </td>
    </tr>
  );
}
