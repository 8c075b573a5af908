import { Button } from "@mantine/core";
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { barsOf, heightOf, rangeOf, type Bar } from "#web/ledger/bars.ts";
import type { LedgerFilter } from "#web/ledger/ledger-ask.ts";
import styles from "#web/ledger/time-axis.module.css";
import { useDensity } from "#web/ledger/use-density.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

const daySeconds = 86_400;
const spans = [
  ["week", 7],
  ["month", 30],
  ["year", 365],
] as const;

interface Given {
  readonly whose: "all" | "own";
  readonly filter: LedgerFilter;
  readonly isOn?: boolean;
  /** Undefined: no bound. */
  readonly onWindow: (from: Date | undefined, to: Date | undefined) => void;
}

/** How many events there were over time. Dragged over or with Shift and the arrows a range is chosen and zoomed into. */
export function TimeAxis({ whose, filter, isOn = true, onWindow }: Given) {
  const { w, short } = useWords();
  const { data, error, isPlaceholderData } = useDensity(whose, filter, isOn);
  if (error !== null) return <ProblemNotice error={error} />;
  const bars = data === undefined ? [] : barsOf(data);
  const total = bars.reduce((sum, bar) => sum + bar.events, 0);
  const step = data?.stepSeconds ?? daySeconds;
  const name = (at: Date) => (step >= daySeconds ? (short(at.toISOString()).split(" ")[0] ?? "") : short(at.toISOString()));
  const [first, last] = [bars[0], bars.at(-1)];
  const shift = (direction: 1 | -1) => {
    if (first === undefined || last === undefined) return;
    const length = (last.to.getTime() - first.from.getTime()) * direction;
    onWindow(new Date(first.from.getTime() + length), new Date(last.to.getTime() + length));
  };
  const widen = () => {
    if (first === undefined || last === undefined) return;
    const length = last.to.getTime() - first.from.getTime();
    onWindow(new Date(first.from.getTime() - length), new Date(Math.min(Date.now(), last.to.getTime() + length)));
  };
  const lately = (days: number) => onWindow(new Date(startOfToday() - (days - 1) * daySeconds * 1000), undefined);
  const isBound = filter.from !== undefined || filter.to !== undefined;
  return (
    <section className={styles["axis"]} aria-label={w.records.axis.label} data-waiting={data === undefined || isPlaceholderData || undefined}>
      <div className={styles["tools"]}>
        <span className={styles["total"]}>{data === undefined ? "" : w.records.axis.total(total)}</span>
        <Span label={w.records.axis.spans.today} onChoose={() => lately(1)} />
        {spans.map(([key, days]) => (
          <Span key={key} label={w.records.axis.spans[key]} onChoose={() => lately(days)} />
        ))}
        <Span label={w.records.axis.spans.all} onChoose={() => onWindow(undefined, undefined)} isHere={!isBound} />
        <span className={styles["end"]}>
          <Span label={w.records.axis.earlier} onChoose={() => shift(-1)} />
          <Span label={w.records.axis.wider} onChoose={widen} />
          <Span label={w.records.axis.later} onChoose={() => shift(1)} />
        </span>
      </div>
      <Bars key={data === undefined ? "" : `${data.from} ${data.stepSeconds}`} bars={bars} name={name} onZoom={(from, to) => onWindow(from, to)} />
      <div className={styles["ticks"]} aria-hidden>
        {[0, 0.25, 0.5, 0.75].map((part) => {
          const bar = bars[Math.floor(part * bars.length)];
          return <span key={part}>{bar === undefined ? "" : name(bar.from)}</span>;
        })}
        <span>{last === undefined ? "" : name(step >= daySeconds ? last.from : last.to)}</span>
      </div>
      {data?.isComplete === false ? <p className="small soft">{w.records.axis.atLeast}</p> : null}
    </section>
  );
}

/** Midnight in Japan, in milliseconds since 1970. */
function startOfToday(): number {
  const japanMs = 9 * 3_600_000;
  const dayMs = daySeconds * 1000;
  return Math.floor((Date.now() + japanMs) / dayMs) * dayMs - japanMs;
}

function Span({ label, onChoose, isHere = false }: { label: string; onChoose: () => void; isHere?: boolean }) {
  return (
    <button type="button" className={styles["span"]} aria-current={isHere || undefined} onClick={onChoose}>
      {label}
    </button>
  );
}

const height = 100;

function Bars({ bars, name, onZoom }: { bars: readonly Bar[]; name: (at: Date) => string; onZoom: (from: Date, to: Date) => void }) {
  const { w } = useWords();
  const field = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<number>();
  /** Where a range began; it ends at the cursor. */
  const [anchor, setAnchor] = useState<number>();
  const isDragging = useRef(false);
  useEffect(() => {
    isDragging.current = false;
  }, [bars.length]);
  const most = Math.max(0, ...bars.map((bar) => bar.events));
  const chosen = cursor === undefined || anchor === undefined ? undefined : rangeOf(anchor, cursor);
  const at = (event: PointerEvent) => {
    const box = field.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return 0;
    return Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length)));
  };
  const zoom = (range: { first: number; last: number }) => {
    const [first, last] = [bars[range.first], bars[range.last]];
    setAnchor(undefined);
    if (first !== undefined && last !== undefined) onZoom(first.from, last.to);
  };
  const move = (to: number, isRange: boolean) => {
    const next = Math.max(0, Math.min(bars.length - 1, to));
    if (!isRange) setAnchor(undefined);
    else if (anchor === undefined) setAnchor(cursor ?? next);
    setCursor(next);
  };
  const keys = (event: KeyboardEvent) => {
    if (bars.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = cursor ?? bars.length - 1;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => move(here - 1, event.shiftKey),
      ArrowRight: () => move(here + 1, event.shiftKey),
      Home: () => move(0, event.shiftKey),
      End: () => move(bars.length - 1, event.shiftKey),
      Enter: () => zoom(chosen ?? { first: here, last: here }),
    };
    const act = event.key === "Escape" && chosen !== undefined ? () => setAnchor(undefined) : acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const bar = cursor === undefined ? undefined : bars[cursor];
  const told = tell();
  function tell(): string {
    if (chosen !== undefined && chosen.first !== chosen.last) {
      const [first, last] = [bars[chosen.first], bars[chosen.last]];
      const events = bars.slice(chosen.first, chosen.last + 1).reduce((sum, one) => sum + one.events, 0);
      return first === undefined || last === undefined ? "" : w.records.axis.range(name(first.from), name(last.to), events);
    }
    return bar === undefined ? "" : w.records.axis.bar(name(bar.from), bar.events, bar.refused);
  }
  return (
    <>
      <div
        ref={field}
        className={styles["bars"]}
        role="slider"
        tabIndex={0}
        aria-label={w.records.axis.label}
        aria-description={w.records.axis.help}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, bars.length - 1)}
        aria-valuenow={cursor ?? Math.max(0, bars.length - 1)}
        aria-valuetext={told}
        title={w.records.axis.help}
        onKeyDown={keys}
        onPointerDown={(event) => {
          if (event.button !== 0 || bars.length === 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          isDragging.current = true;
          setAnchor(at(event));
          setCursor(at(event));
        }}
        onPointerMove={(event) => setCursor(at(event))}
        onPointerUp={(event) => {
          if (!isDragging.current) return;
          isDragging.current = false;
          if (anchor !== undefined && anchor !== at(event)) zoom(rangeOf(anchor, at(event)));
          else setAnchor(undefined);
        }}
        onPointerCancel={() => {
          isDragging.current = false;
          setAnchor(undefined);
        }}
        onDoubleClick={(event) => {
          const index = at(event as unknown as PointerEvent);
          zoom({ first: index, last: index });
        }}
        onPointerLeave={() => {
          if (!isDragging.current && anchor === undefined) setCursor(undefined);
        }}
      >
        <svg viewBox={`0 0 ${Math.max(1, bars.length)} ${height}`} preserveAspectRatio="none" aria-hidden>
          {chosen === undefined ? null : <rect className={styles["chosen"]} x={chosen.first} width={chosen.last - chosen.first + 1} y={0} height={height} />}
          {bars.map((one, index) => {
            const tall = heightOf(one.events, most) * height;
            const red = one.refused === 0 ? 0 : Math.max(4, (tall * one.refused) / one.events);
            return one.events === 0 ? null : (
              <g key={one.from.getTime()} data-here={index === cursor || undefined} className={styles["bar"]}>
                <rect x={index + 0.1} width={0.8} y={height - tall} height={tall} />
                {red === 0 ? null : <rect className={styles["refused"]} x={index + 0.1} width={0.8} y={height - red} height={red} />}
              </g>
            );
          })}
          {cursor === undefined ? null : <rect className={styles["cursor"]} x={cursor} width={1} y={0} height={height} />}
        </svg>
      </div>
      <p className={styles["told"]} aria-hidden>
        {told}
      </p>
      {chosen !== undefined && chosen.first !== chosen.last && !isDragging.current ? (
        <Button size="compact-xs" variant="default" onClick={() => zoom(chosen)}>
          {w.records.axis.zoom}
        </Button>
      ) : null}
    </>
  );
}
