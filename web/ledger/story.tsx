import { ActionIcon, Button } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Fragment, useEffect, useRef, useState } from "react";
import { AroundLink } from "#web/ledger/around-link.tsx";
import { isMinor, type LedgerEvent, type Named } from "#web/ledger/describe-event.ts";
import { EventSentence } from "#web/ledger/event-sentence.tsx";
import { Outcome } from "#web/ledger/event-table.tsx";
import styles from "#web/ledger/story.module.css";
import type { Scene, useReplay } from "#web/ledger/use-replay.ts";
import { WhatWasShown } from "#web/ledger/what-was-shown.tsx";
import { At } from "#web/parts/at.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { useKeys } from "#web/parts/use-keys.ts";
import { purposes } from "#shared/rights.ts";
import { useEventName } from "#web/words/event-names.ts";
import { useWords } from "#web/words/words.ts";

interface Given {
  readonly story: ReturnType<typeof useReplay>;
  readonly hasWho: boolean;
  readonly isOwn: boolean;
  /** The event around which it is told. */
  readonly hereNo?: number | undefined;
}

interface Step {
  readonly key: number;
  readonly events: readonly LedgerEvent[];
  readonly people: number;
}

/** A time read again in order: scenes with the silence between them, and what was shown in each step. */
export function Story({ story, hasWho, isOwn, hereNo }: Given) {
  const { w } = useWords();
  const { scenes, events, names } = story;
  const told = scenes.map((scene) => ({ scene, steps: stepsOf(scene, events) }));
  const [openMinor, setOpenMinor] = useState<ReadonlySet<number>>(new Set());
  const isPassed = (line: Line): boolean =>
    line.isMinor && !openMinor.has(line.key) && !line.steps.some((step) => step.events.some((event) => event.eventNo === hereNo));
  const all = told.flatMap(({ steps }) => linesOf(steps).flatMap((line) => (isPassed(line) ? [] : line.steps)));
  const [activeNo, setActiveNo] = useState<number>();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const list = useRef<HTMLDivElement>(null);
  const here = all.find((step) => step.events.some((event) => event.eventNo === hereNo))?.key;
  const active = activeNo ?? here;
  useEffect(() => {
    if (active === undefined) return;
    list.current?.querySelector(`[data-step="${active}"]`)?.scrollIntoView({ block: "nearest" });
  }, [active]);
  // A busy moment has more before it than one part holds.
  const isBeforeHere = hereNo !== undefined && events.size > 0 && [...events.keys()].every((no) => no < hereNo);
  const { hasMore, isMoreOnTheWay, error, more } = story;
  useEffect(() => {
    if (isBeforeHere && hasMore && !isMoreOnTheWay && error === null) more();
  }, [isBeforeHere, hasMore, isMoreOnTheWay, error, more]);
  const toggle = (key: number) => setOpen((former) => (former.has(key) ? new Set([...former].filter((one) => one !== key)) : new Set([...former, key])));
  const move = (by: number) => {
    const at = all.findIndex((step) => step.key === active);
    const next = all[Math.max(0, Math.min(all.length - 1, at === -1 ? 0 : at + by))];
    if (next !== undefined) setActiveNo(next.key);
  };
  useKeys(
    {
      j: () => move(1),
      ArrowDown: () => move(1),
      k: () => move(-1),
      ArrowUp: () => move(-1),
      Enter: () => active !== undefined && toggle(active),
    },
    all.length > 0,
    { j: w.records.replay.keys.down, k: w.records.replay.keys.up, Enter: w.records.replay.keys.open },
  );
  return (
    <div ref={list} className={styles["story"]}>
      {told.map(({ scene, steps }, index) => (
        <Fragment key={steps[0]?.key ?? index}>
          <Silence from={told[index - 1]?.scene.to} to={scene.from} />
          <section className={styles["scene"]} aria-label={scene.from}>
            <h2 className={styles["scene-head"]}>
              <At iso={scene.from} form="time" />
              {scene.people === 0 ? null : <span className="small soft">{w.records.replay.people(scene.people)}</span>}
            </h2>
            <ol className={styles["steps"]}>
              {linesOf(steps).map((line) =>
                isPassed(line) ? (
                  <MinorLine key={line.key} line={line} onOpen={() => setOpenMinor((former) => new Set([...former, line.key]))} />
                ) : (
                  line.steps.map((step) => (
                    <StepLine
                      key={step.key}
                      step={step}
                      names={names}
                      hasWho={hasWho}
                      isOwn={isOwn}
                      isActive={step.key === active}
                      isHere={step.key === here}
                      isOpen={open.has(step.key)}
                      onToggle={() => {
                        setActiveNo(step.key);
                        toggle(step.key);
                      }}
                    />
                  ))
                ),
              )}
            </ol>
          </section>
        </Fragment>
      ))}
      {story.hasMore ? (
        <div>
          <Button variant="default" loading={story.isMoreOnTheWay} onClick={story.more}>
            {w.act.more}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function stepsOf(scene: Scene, events: ReadonlyMap<number, LedgerEvent>): Step[] {
  return scene.steps.flatMap(({ eventNos, people }) => {
    const found = eventNos.flatMap((no) => events.get(no) ?? []);
    return found[0] === undefined ? [] : [{ key: found[0].eventNo, events: found, people }];
  });
}

/** Steps that are told one by one, or passed over together. */
interface Line {
  readonly key: number;
  readonly isMinor: boolean;
  readonly steps: readonly Step[];
}

function linesOf(steps: readonly Step[]): Line[] {
  const lines: { key: number; isMinor: boolean; steps: Step[] }[] = [];
  for (const step of steps) {
    const isOfScreen = step.events.every(isMinor);
    const last = lines.at(-1);
    if (last !== undefined && last.isMinor && isOfScreen) last.steps.push(step);
    else lines.push({ key: step.key, isMinor: isOfScreen, steps: [step] });
  }
  return lines;
}

/** What screens fetched for themselves, in one quiet line that opens. */
function MinorLine({ line, onOpen }: { line: Line; onOpen: () => void }) {
  const { w, list } = useWords();
  const eventName = useEventName();
  const events = line.steps.flatMap((step) => step.events);
  const names = [...new Set(events.map((event) => eventName(event.type)))];
  return (
    <li className={styles["minor"]}>
      <button type="button" onClick={onOpen}>
        {w.records.replay.minor(events.length, list(names.slice(0, 3)) + (names.length > 3 ? "…" : ""))}
      </button>
    </li>
  );
}

/** How long nothing was recorded, where that is long enough to have ended a scene. */
function Silence({ from, to }: { from: string | undefined; to: string }) {
  const { w } = useWords();
  const minutes = from === undefined ? 0 : Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
  return minutes < 5 ? null : <p className={styles["silence"]}>{w.records.replay.quiet(w.records.replay.gap(minutes))}</p>;
}

function StepLine({
  step,
  names,
  hasWho,
  isOwn,
  isActive,
  isHere,
  isOpen,
  onToggle,
}: {
  step: Step;
  names: Named;
  hasWho: boolean;
  isOwn: boolean;
  isActive: boolean;
  isHere: boolean;
  isOpen: boolean;
  onToggle: () => void;
}) {
  const { w } = useWords();
  const [first] = step.events;
  if (first === undefined) return null;
  const isMany = step.events.length > 1;
  const purpose = purposes.find((known) => known === first.purpose);
  const hasContent = isMany || first.subjects.some(({ kind }) => kind !== "query");
  return (
    <li data-step={step.key} data-active={isActive || undefined} data-here={isHere || undefined} className={styles["step"]} aria-current={isHere || undefined}>
      <div className={styles["line"]}>
        <span className={styles["time"]}>
          <At iso={first.at} form="time" />
        </span>
        <span className={styles["words"]}>
          <EventSentence event={first} names={names} hasWho={hasWho} />
          <span className={styles["marks"]}>
            {isMany ? <Mark>{w.records.replay.times(step.events.length)}</Mark> : null}
            {isMany && step.people > 0 ? <Mark>{w.records.replay.people(step.people)}</Mark> : null}
            {purpose === undefined ? null : <Mark>{w.purposes[purpose]}</Mark>}
            {first.outcome === "ok" ? null : <Outcome outcome={first.outcome} />}
            {isHere ? <Mark tone="act">{w.records.replay.here}</Mark> : null}
          </span>
        </span>
        {hasContent ? (
          <ActionIcon aria-label={w.records.shown.open} title={w.records.shown.open} aria-expanded={isOpen} onClick={onToggle}>
            {isOpen ? <IconChevronDown size={18} /> : <IconChevronRight size={18} />}
          </ActionIcon>
        ) : (
          <span className={styles["nothing"]} />
        )}
      </div>
      {!isOpen || !hasContent ? null : isMany ? (
        <ol className={styles["parts"]}>
          {step.events.map((event) => (
            <PartLine key={event.eventNo} event={event} names={names} hasWho={hasWho} isOwn={isOwn} />
          ))}
        </ol>
      ) : (
        <div className={styles["content"]}>
          <WhatWasShown eventNo={first.eventNo} isOwn={isOwn} />
        </div>
      )}
    </li>
  );
}

/** One of several events of a step. */
function PartLine({ event, names, hasWho, isOwn }: { event: LedgerEvent; names: Named; hasWho: boolean; isOwn: boolean }) {
  const { w } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  const hasContent = event.subjects.some(({ kind }) => kind !== "query");
  return (
    <li>
      <div className={styles["line"]}>
        <span className={styles["time"]}>
          <At iso={event.at} form="time" />
        </span>
        <span className={styles["words"]}>
          <EventSentence event={event} names={names} hasWho={hasWho} />
        </span>
        <AroundLink eventNo={event.eventNo} isOwn={isOwn} />
        {hasContent ? (
          <ActionIcon aria-label={w.records.shown.open} title={w.records.shown.open} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? <IconChevronDown size={18} /> : <IconChevronRight size={18} />}
          </ActionIcon>
        ) : null}
      </div>
      {isOpen ? (
        <div className={styles["content"]}>
          <WhatWasShown eventNo={event.eventNo} isOwn={isOwn} />
        </div>
      ) : null}
    </li>
  );
}
