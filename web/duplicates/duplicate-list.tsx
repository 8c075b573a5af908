import { Button, SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { listPairs, type MergeKind } from "#shared/duplicates.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { CompareView } from "#web/duplicates/compare-view.tsx";
import styles from "#web/duplicates/duplicates.module.css";
import { LikenessReasons } from "#web/duplicates/likeness-reasons.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useKeys } from "#web/parts/use-keys.ts";
import { useMe } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

type Pair = ReplyOf<typeof listPairs>["pairs"][number];
const pageRows = 30;

interface DuplicateSearch {
  readonly kind?: MergeKind;
  readonly state?: "not-duplicate";
  /** Numbers of what is compared: `12-34`. */
  readonly pair?: string;
}

/** Pairs that may be one, with the comparison beside them. */
export function DuplicateList() {
  const { w } = useWords();
  useDocumentTitle(w.duplicates.title);
  const { mayRead } = useMe();
  const search: DuplicateSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const kind = search.kind ?? "customer";
  const state = search.state ?? "open";
  const go = (next: DuplicateSearch, replace = false) => void navigate({ to: "/duplicates", search: next as never, replace });
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["duplicates", "pairs", kind, state],
    queryFn: ({ pageParam }) => call(listPairs, { body: { kind, state, offset: pageParam, limit: pageRows } }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (pages.length * pageRows < last.total ? pages.length * pageRows : null),
    // While rows are still compared the list fills by itself.
    refetchInterval: (query) => ((query.state.data?.pages[0]?.waiting ?? 0) > 0 ? 5_000 : false),
  });
  const pairs = data?.pages.flatMap((page) => page.pairs) ?? [];
  const total = data?.pages[0]?.total ?? 0;
  const waiting = data?.pages[0]?.waiting ?? 0;
  const base = { ...(kind === "customer" ? {} : { kind }), ...(state === "open" ? {} : { state }) };
  const at = pairs.findIndex((pair) => keyOf(pair) === search.pair);
  const openAt = (index: number) => {
    const pair = pairs[index];
    if (pair !== undefined) go({ ...base, pair: keyOf(pair) }, search.pair !== undefined);
  };
  const move = (by: number) => openAt(Math.max(0, Math.min(pairs.length - 1, at + by)));
  useKeys({ j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1), Escape: () => search.pair !== undefined && go(base) });
  const numbers = search.pair?.split("-").map(Number) ?? [];
  const others = numbers.length === 2 && state === "open" ? joined(pairs, numbers) : [];
  const onDone = () => {
    // The next one stands where this one was.
    const next = pairs.find((pair, index) => index > at && ![pair.first.no, pair.second.no].some((no) => numbers.includes(no))) ?? pairs[at - 1];
    go(next === undefined ? base : { ...base, pair: keyOf(next) }, true);
  };
  return (
    <div className="page">
      <PageHead title={w.duplicates.title} lead={w.duplicates.lead}>
        {mayRead.company ? (
          <SegmentedControl
            aria-label={w.duplicates.title}
            value={kind}
            data={[
              { value: "customer", label: w.duplicates.persons },
              { value: "company", label: w.duplicates.companies },
            ]}
            onChange={(next) => go(next === "company" ? { kind: "company" } : {})}
          />
        ) : null}
        <Button
          variant="subtle"
          onClick={() => go({ ...(kind === "customer" ? {} : { kind }), ...(state === "open" ? { state: "not-duplicate" as const } : {}) })}
        >
          {state === "open" ? w.duplicates.apartTab : w.duplicates.title}
        </Button>
      </PageHead>
      {error === null ? null : <ProblemNotice error={error} onRetry={() => void refetch()} />}
      <p className="small soft" role="status">
        {data === undefined ? w.act.loading : w.duplicates.count(total)}
        {waiting > 0 ? ` / ${w.duplicates.waiting(waiting)}` : ""}
      </p>
      {data !== undefined && pairs.length === 0 && numbers.length === 0 ? (
        <EmptyState title={state === "open" ? w.duplicates.none : w.duplicates.noneApart} {...(state === "open" ? { help: w.duplicates.noneHelp } : {})} />
      ) : (
        <div className={styles["halves"]} data-chosen={numbers.length > 0}>
          <nav aria-label={w.duplicates.title} className="column tight">
            <ul className={styles["pairs"]}>
              {pairs.map((pair) => (
                <PairRow key={keyOf(pair)} pair={pair} isHere={keyOf(pair) === search.pair} onOpen={() => go({ ...base, pair: keyOf(pair) })} />
              ))}
            </ul>
            {hasNextPage ? (
              <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {w.act.more}
              </Button>
            ) : null}
          </nav>
          <section aria-label={w.duplicates.merge}>
            {numbers.length < 2 ? (
              <p className="soft">{w.duplicates.choosePair}</p>
            ) : (
              <div className="column tight">
                <div className="line">
                  <Button variant="subtle" leftSection={<IconArrowLeft size={16} />} hiddenFrom="md" onClick={() => go(base)}>
                    {w.duplicates.back}
                  </Button>
                  {others.length === 0 ? null : (
                    <Button variant="default" onClick={() => go({ ...base, pair: [...numbers, ...others].join("-") })}>
                      {w.duplicates.addThird(others.length)}
                    </Button>
                  )}
                  {isBranch(pairs[at]) ? <p className="soft">{w.duplicates.branchesLead}</p> : null}
                </div>
                <CompareView kind={kind} numbers={numbers} areApart={state !== "open"} onDone={onDone} />
              </div>
            )}
          </section>
        </div>
      )}
    </div>
  );
}

function PairRow({ pair, isHere, onOpen }: { pair: Pair; isHere: boolean; onOpen: () => void }) {
  const { w } = useWords();
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isHere) row.current?.scrollIntoView({ block: "nearest" });
  }, [isHere]);
  return (
    <li>
      <button ref={row} type="button" className={styles["pair"]} aria-current={isHere} onClick={onOpen}>
        <span>
          <Value shown={pair.first.name} isBare /> <span className="small soft">{typeof pair.first.detail === "string" ? pair.first.detail : null}</span>
        </span>
        <span className="small soft number" title={w.duplicates.score}>
          {pair.score}
        </span>
        <span>
          <Value shown={pair.second.name} isBare /> <span className="small soft">{typeof pair.second.detail === "string" ? pair.second.detail : null}</span>
        </span>
        <span />
        <span className={styles["why"]}>
          <LikenessReasons reasons={pair.reasons} />
        </span>
      </button>
    </li>
  );
}

function keyOf(pair: Pair): string {
  return `${pair.first.no}-${pair.second.no}`;
}

function isBranch(pair: Pair | undefined): boolean {
  return pair?.reasons.includes("branch") === true;
}

/** Others of the list that stand in a pair with one of these: three cards of one person. */
function joined(pairs: readonly Pair[], numbers: readonly number[]): number[] {
  const others = new Set<number>();
  for (const pair of pairs) {
    if (isBranch(pair)) continue;
    if (numbers.includes(pair.first.no)) others.add(pair.second.no);
    if (numbers.includes(pair.second.no)) others.add(pair.first.no);
  }
  numbers.forEach((no) => others.delete(no));
  return [...others].toSorted((a, b) => a - b).slice(0, 5 - numbers.length);
}
