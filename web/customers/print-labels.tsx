import { Checkbox, Modal, SegmentedControl, Select, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type KeyboardEvent } from "react";
import { showListPolicy } from "#shared/lists.ts";
import type { Purpose } from "#shared/rights.ts";
import { askPrint, honorifics, placesOf, printLabels, printLayouts, printsWithoutBulk, type PrintLayout } from "#shared/uses.ts";
import { call, download } from "#web/call.ts";
import styles from "#web/customers/print-labels.module.css";
import { PrintPosition } from "#web/customers/print-position.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useMay, useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

const mostPersons = 500;

/** Asks for paper and purpose, then hands the PDF of these customers' addresses to the browser to save. */
export function PrintDialog({ customerNos, onClose }: { customerNos: readonly number[]; onClose: () => void }) {
  const { w } = useWords();
  const { purposes } = useMe();
  const may = useMay();
  const [layout, setLayout] = useState<PrintLayout>("label-a4-12");
  const [startAt, setStartAt] = useState(1);
  const [honorific, setHonorific] = useState<(typeof honorifics)[number]>("sama");
  const [postalBoxes, setPostalBoxes] = useState(true);
  const [purpose, setPurpose] = useState<Purpose | null>(purposes.includes("delivery") ? "delivery" : (purposes[0] ?? null));
  const people = customerNos.length;
  const { across, down } = placesOf[layout];
  const places = across * down;
  const isSheet = places > 1;
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const { data: limits } = useQuery({ queryKey: ["list-policy"], queryFn: () => call(showListPolicy), staleTime: 0 });
  const takenNos = limits?.takenNos ?? [];
  const wouldBe = (limits?.taken ?? 0) - takenNos.length + new Set([...takenNos, ...customerNos]).size;
  const isBeyond = limits !== undefined && wouldBe > limits.freePersons;
  const problem = people > mostPersons ? w.uses.tooMany(mostPersons) : people > printsWithoutBulk && !may("bulk") ? w.uses.needsBulk(printsWithoutBulk) : null;
  const print = useMutation({
    mutationFn: (stated: Purpose) =>
      download(printLabels, { body: { customerNos: [...customerNos], layout, startAt: isSheet ? startAt : 1, honorific, postalBoxes, purpose: stated } }),
    onSuccess: () => {
      notifications.show({ message: w.uses.made });
      void client.invalidateQueries({ queryKey: ["list-policy"] });
      onClose();
    },
  });
  const ask = useMutation({
    mutationFn: (stated: Purpose) => call(askPrint, { body: { customerNos: [...customerNos], layout, honorific, postalBoxes, purpose: stated, reason } }),
    onSuccess: () => {
      notifications.show({ message: w.uses.asked });
      void client.invalidateQueries({ queryKey: ["approvals"] });
      onClose();
    },
  });
  const act = isBeyond ? ask : print;
  const choose = (next: PrintLayout) => {
    setLayout(next);
    const of = placesOf[next];
    setStartAt((former) => Math.min(former, of.across * of.down));
  };
  return (
    <Modal opened onClose={onClose} title={w.uses.printTitle} size="lg" closeButtonProps={{ "aria-label": w.act.close }}>
      <div className="column">
        <p>
          <strong>{isSheet ? w.uses.sheets(people, Math.ceil((people + (isBeyond ? 1 : startAt) - 1) / places)) : w.uses.papers(people)}</strong>
        </p>
        {problem === null ? null : <p role="alert">{problem}</p>}
        {act.error === null ? null : <ProblemNotice error={act.error} />}
        <div role="radiogroup" aria-label={w.uses.layout} className={styles["layouts"]}>
          {printLayouts.map((one) => (
            <label key={one} className={styles["layout"]} data-chosen={one === layout || undefined}>
              <input
                type="radio"
                name="layout"
                value={one}
                checked={one === layout}
                onChange={() => choose(one)}
                data-autofocus={one === layout || undefined}
              />
              <Picture layout={one} />
              <span>{w.uses.layouts[one]}</span>
              <span className="small soft number">{w.uses.measures[one]}</span>
            </label>
          ))}
        </div>
        {isSheet && !isBeyond ? (
          <div>
            <p className="small">
              {w.uses.startAt} <span className="soft">{w.uses.startAtHelp}</span>
            </p>
            <StartGrid layout={layout} startAt={startAt} people={people} onStart={setStartAt} />
          </div>
        ) : null}
        <div className={styles["choices"]}>
          <div>
            <p className="small" id="print-honorific">
              {w.uses.honorific}
            </p>
            <SegmentedControl
              aria-labelledby="print-honorific"
              value={honorific}
              onChange={(next) => setHonorific(next as typeof honorific)}
              data={honorifics.map((one) => ({ value: one, label: w.uses.honorifics[one] }))}
            />
            <p className="small soft">{w.uses.honorificHelp}</p>
          </div>
          <Select
            label={w.uses.purpose}
            value={purpose}
            onChange={(next) => setPurpose(next as Purpose | null)}
            data={purposes.map((one) => ({ value: one, label: w.purposes[one] }))}
            allowDeselect={false}
          />
        </div>
        {layout === "envelope-naga3-vertical" || layout === "postcard" ? (
          <Checkbox
            checked={postalBoxes}
            onChange={(event) => setPostalBoxes(event.currentTarget.checked)}
            label={w.uses.boxes}
            description={w.uses.boxesHelp}
          />
        ) : null}
        <PrintPosition layout={layout} />
        {isBeyond ? (
          <Textarea
            label={w.uses.reason}
            rows={2}
            maxLength={400}
            value={reason}
            autoComplete="off"
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        ) : null}
        {limits === undefined ? null : <p className="small soft">{isBeyond ? w.uses.beyond(limits.freePersons) : w.uses.limit(limits.freePersons)}</p>}
        <ul className={`${styles["notes"]} small soft`}>
          <li>{w.uses.actualSize}</li>
          <li>{w.uses.leftOut}</li>
          <li>{w.uses.recorded}</li>
        </ul>
        <DialogActs
          onCancel={onClose}
          label={isBeyond ? w.uses.ask : w.uses.make}
          isBusy={act.isPending}
          isDisabled={purpose === null || problem !== null || people === 0}
          onAct={() => purpose !== null && act.mutate(purpose)}
          title={print.isPending ? w.uses.making(people) : undefined}
        />
      </div>
    </Modal>
  );
}

/** The sheet as it lies in the tray: used labels, those that will be printed, those that stay free. One stop for the keyboard. */
function StartGrid({ layout, startAt, people, onStart }: { layout: PrintLayout; startAt: number; people: number; onStart: (place: number) => void }) {
  const { w } = useWords();
  const grid = useRef<HTMLDivElement>(null);
  const { across, down } = placesOf[layout];
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = startAt + step;
    if (next < 1 || next > across * down) return;
    onStart(next);
    grid.current?.querySelector<HTMLElement>(`[data-place="${next}"]`)?.focus();
  };
  return (
    <div
      ref={grid}
      role="radiogroup"
      aria-label={w.uses.startAt}
      className={styles["grid"]}
      style={{ gridTemplateColumns: `repeat(${across}, 1fr)`, aspectRatio: "210 / 297" }}
      onKeyDown={move}
    >
      {Array.from({ length: across * down }, (_, index) => index + 1).map((place) => (
        <button
          key={place}
          type="button"
          role="radio"
          aria-checked={place === startAt}
          aria-label={w.uses.place(place)}
          data-place={place}
          data-state={place < startAt ? "used" : place < startAt + people ? "printed" : "free"}
          tabIndex={place === startAt ? 0 : -1}
          onClick={() => onStart(place)}
        >
          {place === startAt ? place : ""}
        </button>
      ))}
    </div>
  );
}

/** The paper in small: where the letters stand. */
function Picture({ layout }: { layout: PrintLayout }) {
  const { across, down } = placesOf[layout];
  const isWide = layout === "envelope-naga3-horizontal";
  const isSheet = across * down > 1;
  const [width, height] = isSheet ? [40, 56] : isWide ? [64, 33] : layout === "postcard" ? [38, 56] : [29, 56];
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} className={styles["picture"]} aria-hidden>
      <rect x={0.5} y={0.5} width={width - 1} height={height - 1} />
      {isSheet
        ? Array.from({ length: across * down }, (_, index) => (
            <rect
              key={index}
              x={3 + ((index % across) * (width - 6)) / across}
              y={4 + (Math.floor(index / across) * (height - 8)) / down}
              width={(width - 6) / across}
              height={(height - 8) / down}
            />
          ))
        : null}
      {isSheet ? null : isWide ? (
        <path d="M20 12h26M20 16h20M22 22h18" />
      ) : (
        <>
          <path className={styles["boxes"] ?? ""} d={`M${width - 14} 5h11`} />
          <path d={`M${width - 6} 10v30M${width - 10} 14v18`} />
          <path className={styles["name"] ?? ""} d={`M${width / 2 - 1} 16v26`} />
        </>
      )}
    </svg>
  );
}
