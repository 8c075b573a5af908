import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { disposeList, showList } from "#shared/lists.ts";
import { call } from "#web/call.ts";
import { ListFile } from "#web/lists/list-file.tsx";
import { ListState, type List } from "#web/lists/list-state.tsx";
import styles from "#web/lists/lists.module.css";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Confirm } from "#web/parts/confirm.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useAllFields } from "#web/parts/use-directory.ts";
import { useMay } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

export function ListPage() {
  const { w } = useWords();
  useDocumentTitle(w.lists.title);
  const params: { listNo?: string } = useParams({ strict: false });
  const listNo = Number(params.listNo);
  const { data, error, refetch } = useQuery({ queryKey: ["lists", listNo], queryFn: () => call(showList, { params: { listNo } }), staleTime: 0 });
  if (error !== null) {
    return (
      <div className="page">
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (data === undefined) return <p className="page soft">{w.act.loading}</p>;
  return (
    <div className="page">
      <PageHead title={textOf(data.name) ?? w.lists.ofNumber(listNo)} lead={w.lists.ofNumber(listNo)} marks={<ListState state={data.state} />} />
      <NextStep list={data} />
      <Facts list={data} />
    </div>
  );
}

/** What can be done now, by whom. */
function NextStep({ list }: { list: List }) {
  const { w } = useWords();
  const may = useMay();
  const toApproval = (
    <Link to="/approvals" className="number">
      {w.lists.toApproval}
    </Link>
  );
  if (list.state === "waiting")
    return (
      <p className="line">
        {w.lists.waitingLead} {toApproval}
      </p>
    );
  if (list.state === "refused")
    return (
      <p className="line">
        {w.lists.refusedLead} {toApproval}
      </p>
    );
  if (list.state === "disposed") return null;
  const isOver = list.state === "ended" || list.state === "withdrawn";
  if (!list.isOwn) {
    return <p className="soft">{w.lists.notMine}</p>;
  }
  return (
    <div className="column">
      {isOver ? <p>{list.state === "ended" ? w.lists.endedLead : w.lists.withdrawnLead}</p> : may("export") ? <ListFile listNo={list.listNo} /> : null}
      <Dispose listNo={list.listNo} isFirst={isOver} />
    </div>
  );
}

function Dispose({ listNo, isFirst }: { listNo: number; isFirst: boolean }) {
  const { w } = useWords();
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const dispose = useMutation({
    mutationFn: () => call(disposeList, { params: { listNo } }),
    onSuccess: () => {
      setIsAsking(false);
      notifications.show({ message: w.lists.disposed });
      void client.invalidateQueries({ queryKey: ["lists"] });
    },
  });
  return (
    <div>
      <Button variant={isFirst ? "filled" : "default"} onClick={() => setIsAsking(true)}>
        {w.lists.dispose}
      </Button>
      <Confirm
        title={w.lists.disposeTitle}
        lead={
          <>
            <p>{w.lists.disposeLead}</p>
            {dispose.error === null ? null : <ProblemNotice error={dispose.error} />}
          </>
        }
        action={w.lists.dispose}
        isOpen={isAsking}
        isBusy={dispose.isPending}
        onConfirm={() => dispose.mutate()}
        onClose={() => setIsAsking(false)}
      />
    </div>
  );
}

function Facts({ list }: { list: List }) {
  const { w, label, list: row, date, dateTime } = useWords();
  const may = useMay();
  const fields = useAllFields("customer");
  const names = list.fields.map((key) => {
    const field = fields.find((one) => one.key === key);
    return field === undefined ? key : label(field);
  });
  return (
    <dl className={styles["facts"]}>
      <div>
        <dt>{w.lists.owner}</dt>
        <dd>
          <AccountChip no={list.ownerNo} />
        </dd>
      </div>
      <div>
        <dt>{w.lists.persons}</dt>
        <dd>{w.lists.personsCount(list.persons)}</dd>
      </div>
      <div>
        <dt>{w.lists.fields}</dt>
        <dd className="line">
          {row(names)} {list.sensitive ? <Mark tone="look">{w.lists.sensitiveField}</Mark> : null}
        </dd>
      </div>
      <div>
        <dt>{w.lists.purpose}</dt>
        <dd>{Object.hasOwn(w.purposes, list.purpose) ? w.purposes[list.purpose as keyof typeof w.purposes] : list.purpose}</dd>
      </div>
      <div>
        <dt>{w.lists.destination}</dt>
        <dd>
          {w.lists.destinations[list.destination]} {list.handler === null ? null : <Value shown={list.handler} isBare />}
        </dd>
      </div>
      <div>
        <dt>{w.lists.madeAt}</dt>
        <dd>
          <At iso={list.madeAt} />
        </dd>
      </div>
      <div>
        <dt>{w.lists.endsOn}</dt>
        <dd>{date(`${list.endsOn}T00:00:00+09:00`)}</dd>
      </div>
      <div>
        <dt>{w.lists.downloads}</dt>
        <dd className="line">
          {w.lists.downloadsCount(list.downloads)}
          {list.lastDownloadAt === null ? null : <span className="soft small">{w.lists.lastDownload(dateTime(list.lastDownloadAt))}</span>}
          {list.downloads > 0 && may("read-ledger") ? (
            <Link to="/ledger" search={{ type: "list.downloaded", account: list.ownerNo } as never} className="small">
              {w.lists.drawnIn}
            </Link>
          ) : null}
        </dd>
      </div>
      {list.disposedAt === null ? null : (
        <div>
          <dt>{w.lists.disposedAt}</dt>
          <dd>
            <At iso={list.disposedAt} />
          </dd>
        </div>
      )}
    </dl>
  );
}
