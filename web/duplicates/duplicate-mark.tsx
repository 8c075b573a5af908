import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { companyMerges, countPairs, type MergeKind } from "#shared/duplicates.ts";
import { call } from "#web/call.ts";
import { useUndoMerge } from "#web/duplicates/use-merge.tsx";
import { At } from "#web/parts/at.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

function usePairsOf(customerNo: number) {
  return useQuery({ queryKey: ["duplicates", "of", customerNo], queryFn: () => call(countPairs, { params: { customerNo } }), staleTime: 30_000 });
}

/** The mark 重複候補 on a person's head; opens the comparison. Nothing while there is none. */
export function DuplicateMark({ customerNo }: { customerNo: number }) {
  const { w } = useWords();
  const { data } = usePairsOf(customerNo);
  const open = data?.open ?? [];
  const first = open[0];
  if (first === undefined) return null;
  const numbers = open.length === 1 ? [customerNo, first.otherNo] : [customerNo, ...open.map((one) => one.otherNo)].slice(0, 5);
  return (
    <Link to="/duplicates" search={{ pair: numbers.toSorted((a, b) => a - b).join("-") } as never}>
      <Mark tone="look">{w.duplicates.mark(open.length)}</Mark>
    </Link>
  );
}

/** Says that this row was merged into another, with the way there. */
export function MergedNotice({ mergedInto }: { mergedInto: number | null }) {
  const { w } = useWords();
  if (mergedInto === null) return null;
  return (
    <p className="line">
      <Mark tone="look">{w.duplicates.mergedInto(mergedInto)}</Mark>
      <Link to="/customers/$customerNo" params={{ customerNo: String(mergedInto) }}>
        {w.duplicates.openWinner}
      </Link>
    </p>
  );
}

function useMergesOfCompany(companyNo: number) {
  return useQuery({ queryKey: ["duplicates", "of-company", companyNo], queryFn: () => call(companyMerges, { params: { companyNo } }), staleTime: 30_000 });
}

/** Says that this company was merged into another, with the way there and the way back. */
export function MergedCompanyNotice({ companyNo, mergedInto, mayUndo }: { companyNo: number; mergedInto: number; mayUndo: boolean }) {
  const { w } = useWords();
  const { data } = useMergesOfCompany(companyNo);
  const { undo, isBusy, dialog } = useUndoMerge("company");
  const goneBy = data?.goneBy ?? null;
  return (
    <p className="line">
      <Mark tone="look">{w.duplicates.companyMergedInto(mergedInto)}</Mark>
      <Link to="/companies/$companyNo" params={{ companyNo: String(mergedInto) }}>
        {w.duplicates.openWinner}
      </Link>
      {mayUndo && goneBy !== null ? (
        <Button size="xs" variant="default" loading={isBusy} onClick={() => undo(goneBy.mergeNo)}>
          {w.duplicates.undo}
        </Button>
      ) : null}
      {dialog}
    </p>
  );
}

/** The merges into this company that can be taken back. */
export function MergesOfCompany({ companyNo, mayWrite }: { companyNo: number; mayWrite: boolean }) {
  const { data } = useMergesOfCompany(companyNo);
  return <Merges kind="company" merges={data?.merges ?? []} mayWrite={mayWrite} />;
}

/** The merges into this person that can be taken back. */
export function MergesOf({ customerNo, mayWrite }: { customerNo: number; mayWrite: boolean }) {
  const { data } = usePairsOf(customerNo);
  return <Merges kind="customer" merges={data?.merges ?? []} mayWrite={mayWrite} />;
}

interface Merge {
  readonly mergeNo: number;
  readonly at: string;
  readonly loserNos: readonly number[];
}

function Merges({ kind, merges, mayWrite }: { kind: MergeKind; merges: readonly Merge[]; mayWrite: boolean }) {
  const { w } = useWords();
  const { undo, isBusy, dialog } = useUndoMerge(kind);
  if (merges.length === 0) return null;
  return (
    <section aria-label={w.duplicates.mergesTitle} className="column tight">
      <h2>{w.duplicates.mergesTitle}</h2>
      {merges.map((one) => (
        <p key={one.mergeNo} className="line">
          <span>
            <At iso={one.at} /> {w.duplicates.mergeOf(one.loserNos.join(", "))}
          </span>
          {mayWrite ? (
            <Button size="xs" variant="default" loading={isBusy} onClick={() => undo(one.mergeNo)}>
              {w.duplicates.undo}
            </Button>
          ) : null}
        </p>
      ))}
      {dialog}
    </section>
  );
}
