import { Button, Progress } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { erasureCertificate, type ErasureRow } from "#shared/person-requests.ts";
import { download } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { useAct } from "#web/requests/use-act.ts";
import { useWords } from "#web/words/words.ts";

/** Erasures and disposals with how far they have come. */
export function ErasureRows({ erasures }: { erasures: readonly ErasureRow[] }) {
  const { w } = useWords();
  const words = w.requests;
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={words.erasures}>
      <table className="plain-table" data-stacks>
        <thead>
          <tr>
            <th scope="col">{words.kind}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.persons}</th>
            <th scope="col">{words.askedBy}</th>
            <th scope="col">{words.grantedBy}</th>
            <th scope="col">{words.certificate}</th>
          </tr>
        </thead>
        <tbody>
          {erasures.map((erasure) => (
            <Row key={erasure.erasureNo} erasure={erasure} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ erasure }: { erasure: ErasureRow }) {
  const { w } = useWords();
  const words = w.requests;
  const may = useMay();
  const certificate = useAct(
    () => download(erasureCertificate, { params: { erasureNo: erasure.erasureNo } }),
    () => undefined,
  );
  return (
    <tr>
      <td>
        <strong>{words.kindsOfErasure[erasure.kind]}</strong> <span className="soft number">No. {erasure.erasureNo}</span>
        <div className="soft">{words.becauses[erasure.reason]}</div>
      </td>
      <td>
        <Mark tone={erasure.state === "waiting" ? "look" : erasure.state === "running" ? "act" : "plain"}>{words.erasureStates[erasure.state]}</Mark>
        {(erasure.keysMissed ?? 0) > 0 ? <p className="small">{words.keysMissed(erasure.keysMissed ?? 0)}</p> : null}
      </td>
      <td>
        {words.progress(erasure.erased, erasure.persons)}
        {erasure.state === "running" ? (
          <Progress value={(100 * erasure.erased) / Math.max(1, erasure.persons)} aria-label={words.erasureStates.running} />
        ) : null}
        {erasure.held > 0 ? <div className="soft">{words.held(erasure.held)}</div> : null}
      </td>
      <td>
        <AccountChip no={erasure.askedBy} /> <At iso={erasure.askedAt} form="short" />
      </td>
      <td>
        {erasure.grantedAt === null ? null : (
          <>
            <AccountChip no={erasure.grantedBy} /> <At iso={erasure.grantedAt} form="short" />
          </>
        )}
      </td>
      <td>
        {erasure.state === "done" && may("answer-person") ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
            loading={certificate.isPending}
            onClick={() => certificate.mutate(undefined)}
          >
            PDF
          </Button>
        ) : null}
        {certificate.error === null ? null : <ProblemNotice error={certificate.error} />}
      </td>
    </tr>
  );
}
