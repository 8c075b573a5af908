import { Button, Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { countReach, reachKinds, type ReachFigure, type ReachKind } from "#shared/reach.ts";
import type { FieldClass } from "#shared/rights.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { DataTable, type Column } from "#web/parts/data-table.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice, tellRefusal } from "#web/parts/problem-notice.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { useShow } from "#web/parts/use-peek.ts";
import { TrendLine } from "#web/reach/trend-line.tsx";
import { percentOf, useFigureName, useReach, type Reach } from "#web/reach/use-reach.ts";
import { useWords } from "#web/words/words.ts";

const fullOf = (figure: ReachFigure, wanted: FieldClass): number => figure.classes.find((one) => one.class === wanted)?.full ?? 0;

/** 「もし盗まれたら」: each account, role and device by how many people it could read now. */
export function ReachPage() {
  const { w, dateTime } = useWords();
  const words = w.reach;
  useDocumentTitle(words.title);
  const may = useMay();
  const navigate = useNavigate();
  const { kind: asked }: { kind?: ReachKind } = useSearch({ strict: false });
  const kind = asked ?? "account";
  const { data, error, refetch } = useReach(kind);
  const count = useCount();
  return (
    <div className="page">
      <PageHead title={words.title} lead={words.lead}>
        {may("read-ledger") || may("manage-accounts") ? (
          <Button component={Link} to="/reviews" title={words.toReviewHelp}>
            {words.toReview}
          </Button>
        ) : null}
      </PageHead>
      <div className="line apart">
        <SegmentedControl
          aria-label={words.title}
          value={kind}
          data={reachKinds.map((one) => ({ value: one, label: words.kinds[one] }))}
          onChange={(next) => void navigate({ to: "/reach", search: next === "account" ? {} : { kind: next as ReachKind }, replace: true })}
        />
        <span className="line small soft">
          <span>
            {data === undefined
              ? w.act.loading
              : data.counting !== null
                ? words.counting(data.counting.done, data.counting.of)
                : data.counted === null
                  ? words.notCounted
                  : words.counted(dateTime(data.counted.at))}
          </span>
          <Button size="compact-sm" variant="subtle" loading={count.isPending} onClick={() => count.mutate()}>
            {words.countNow}
          </Button>
        </span>
      </div>
      <p className="small soft">{words.helps[kind]}</p>
      {error !== null ? (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <p className="soft">{w.act.loading}</p>
      ) : (
        <Figures key={kind} kind={kind} reach={data} />
      )}
    </div>
  );
}

function useCount() {
  const spoken = useWords();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(countReach, { body: {} }),
    onSuccess: () => {
      notifications.show({ message: spoken.w.reach.countAsked });
      // It is taken up within a moment, and says from then on how far it is.
      setTimeout(() => void client.invalidateQueries({ queryKey: ["reach"] }), 1_500);
    },
    onError: (error) => notifications.show({ message: tellRefusal(error, spoken), color: "red" }),
  });
}

function Figures({ kind, reach }: { kind: ReachKind; reach: Reach }) {
  const { w } = useWords();
  const words = w.reach;
  const nameOf = useFigureName(kind);
  const show = useShow();
  const [typed, setTyped] = useState("");
  const [isSensitive, setIsSensitive] = useState(false);
  const columns = useColumns(kind, reach);
  const wanted = typed.trim();
  const shown = reach.figures.filter((figure) => (wanted === "" || nameOf(figure).includes(wanted)) && (!isSensitive || fullOf(figure, "sensitive") > 0));
  const [largest] = reach.figures;
  if (largest === undefined) return <EmptyState title={kind === "device" ? words.noDevice : words.none} help={kind === "device" ? words.noDeviceHelp : ""} />;
  return (
    <>
      <p>{largest.people === 0 ? words.nobody : words.largest(nameOf(largest), largest.people, percentOf(largest.people, reach.customers))}</p>
      <div className="line">
        <TextInput size="xs" aria-label={words.search} placeholder={words.search} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Checkbox size="sm" label={words.onlySensitive} checked={isSensitive} onChange={(event) => setIsSensitive(event.currentTarget.checked)} />
      </div>
      {shown.length === 0 ? (
        <EmptyState title={words.none} help={words.noneHelp} />
      ) : (
        <DataTable
          label={words.title}
          columns={columns}
          total={shown.length}
          rowAt={(index) => shown[index]}
          keyOf={(figure) => figure.key}
          listKey={`${kind} ${wanted} ${isSensitive}`}
          {...(kind === "account" ? { onOpen: (figure: ReachFigure) => show({ kind: "account", no: Number(figure.key) }) } : {})}
          renderPhone={(figure) => (
            <>
              <span className="line apart">
                <strong>{nameOf(figure)}</strong>
                <strong className="number">{words.count(figure.people)}</strong>
              </span>
              <span className="line small soft">
                <span>
                  {words.sensitive} {words.count(fullOf(figure, "sensitive"))}
                </span>
                {figure.device === null ? null : (
                  <span>
                    {words.released} {figure.device.released === null ? "–" : words.count(figure.device.released)}
                  </span>
                )}
              </span>
            </>
          )}
        />
      )}
    </>
  );
}

function useColumns(kind: ReachKind, reach: Reach): readonly Column<ReachFigure>[] {
  const { w } = useWords();
  const words = w.reach;
  return useMemo(() => {
    const number = (key: string, label: string, width: string, of: (figure: ReachFigure) => string): Column<ReachFigure> => ({
      key,
      label,
      width,
      isNumber: true,
      render: (figure) => <span className="number">{of(figure)}</span>,
    });
    const ofKind: readonly Column<ReachFigure>[] =
      kind === "device"
        ? [
            number("released", words.released, "112px", ({ device }) => (device?.released == null ? "–" : words.count(device.released))),
            {
              key: "usedBy",
              label: words.usedBy,
              width: "minmax(120px, 1.4fr)",
              render: (figure) => (
                <span className="line">
                  {figure.accountNos.slice(0, 3).map((no) => (
                    <AccountChip key={no} no={no} />
                  ))}
                  {figure.accountNos.length > 3 ? `+${figure.accountNos.length - 3}` : null}
                </span>
              ),
            },
            {
              key: "lastAt",
              label: words.lastAt,
              width: "112px",
              render: (figure) => (figure.device === null ? "–" : <At iso={figure.device.lastAt} form="short" />),
            },
          ]
        : kind === "role"
          ? [number("accounts", words.accounts, "88px", (figure) => words.places(figure.accountNos.length))]
          : [];
    return [
      {
        key: "name",
        label: words.heads[kind],
        width: "minmax(140px, 2fr)",
        render: (figure) => (kind === "account" ? <AccountChip no={Number(figure.key)} /> : <FigureName kind={kind} figure={figure} />),
      },
      number("people", words.people, "104px", (figure) => words.count(figure.people)),
      ...(kind === "device" ? [] : [number("share", words.share, "88px", (figure) => words.percent(percentOf(figure.people, reach.customers)))]),
      number("personal", words.personal, "152px", (figure) => words.count(fullOf(figure, "personal"))),
      number("sensitive", words.sensitive, "152px", (figure) => words.count(fullOf(figure, "sensitive"))),
      number("sessions", words.sessions, "88px", (figure) => words.places(figure.sessions)),
      ...ofKind,
      { key: "trend", label: words.trend, width: "128px", render: (figure) => <TrendLine figure={figure} from={reach.from} at={reach.at} /> },
    ];
  }, [kind, reach, words]);
}

function FigureName({ kind, figure }: { kind: ReachKind; figure: ReachFigure }) {
  const nameOf = useFigureName(kind);
  return <span {...(kind === "device" ? { title: figure.key } : {})}>{nameOf(figure)}</span>;
}
