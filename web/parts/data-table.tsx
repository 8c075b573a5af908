import { useMediaQuery } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { IconArrowDown, IconArrowUp, IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { createContext, memo, useContext, useEffect, useId, useMemo, useRef, useState, type CSSProperties, type ReactNode } from "react";
import styles from "#web/parts/data-table.module.css";
import { useKeys } from "#web/parts/use-keys.ts";
import { useStable } from "#web/parts/use-stable.ts";
import { useWords } from "#web/words/words.ts";

/** Heights of a row. */
const rowHeights = { comfortable: 36, compact: 28 } as const;
const headPixels = 36;
const phoneRowPixels = 60;

export interface Sort {
  readonly by: string;
  readonly descending: boolean;
}
export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** A CSS grid track, e.g. `minmax(120px, 2fr)`. */
  readonly width: string;
  readonly sortBy?: string;
  readonly isNumber?: boolean;
  /** Stays in sight while the others scroll sideways. Columns before it are frozen too and have a width in pixels. */
  readonly isFrozen?: boolean;
  readonly isResizable?: boolean;
  /** Stands in the head in place of the label. */
  readonly head?: ReactNode;
  readonly render: (row: Row) => ReactNode;
}
/** The head of a group of rows: a line of its own that opens and closes what is below it. */
export interface GroupHead {
  readonly label: ReactNode;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}
export interface DataTableProps<Row> {
  readonly label: string;
  /** The same array as long as nothing of it changes: another one renders every row again. */
  readonly columns: readonly Column<Row>[];
  readonly total: number;
  /** Undefined while the row is on its way. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly keyOf: (row: Row) => number | string;
  /** Changes when the list is another one: scrolling starts over. */
  readonly listKey?: string;
  readonly selected?: number | string | undefined;
  readonly onOpen?: (row: Row) => void;
  readonly onVisible?: (first: number, last: number) => void;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** Two lines a row on a phone; without it the columns scroll sideways. */
  readonly renderPhone?: (row: Row) => ReactNode;
  /** Takes the height that is left instead of its own. */
  readonly isFilling?: boolean;
  readonly hasKeys?: boolean;
  readonly density?: keyof typeof rowHeights;
  /** Pixels. */
  readonly onResize?: (key: string, width: number) => void;
  /** Single keys that act on the row in hand. */
  readonly rowKeys?: Readonly<Record<string, (row: Row) => void>>;
  /** Where a line is the head of a group; `rowAt` is not asked for it. */
  readonly headAt?: (index: number) => GroupHead | undefined;
}

/** Where each list was left, so that Back finds it there. */
export const ListPlaces = createContext(new Map<string, number>());

/** The one table: virtual rows of one height, a header that stays, sort, groups, and the keys j k ↑ ↓ Enter. */
export function DataTable<Row>(given: DataTableProps<Row>) {
  const { total, columns, onVisible, onOpen, listKey } = given;
  const id = useId();
  const isNarrow = useMediaQuery("(width < 720px)", false, { getInitialValueInEffect: false }) === true;
  const isPhone = isNarrow && given.renderPhone !== undefined;
  const pixels = isPhone ? phoneRowPixels : rowHeights[given.density ?? "comfortable"];
  const scroller = useRef<HTMLDivElement>(null);
  const places = useContext(ListPlaces);
  const [active, setActive] = useState(-1);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => pixels,
    overscan: 4,
    scrollPaddingStart: isPhone ? 0 : headPixels,
    initialOffset: places.get(listKey ?? given.label) ?? 0,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => {
    virtual.measure();
  }, [pixels, virtual]);
  const shownKey = useRef(listKey);
  useEffect(() => {
    if (shownKey.current === listKey) return;
    shownKey.current = listKey;
    setActive(-1);
    virtual.scrollToOffset(0);
  }, [listKey, virtual]);
  useEffect(() => {
    places.set(listKey ?? given.label, scroller.current?.scrollTop ?? 0);
  }, [first, listKey, given.label, places]);
  useEffect(() => {
    if (total > 0) onVisible?.(first, last);
    // `listKey`: another list at the same place is to be fetched too.
  }, [first, last, total, onVisible, listKey]);

  const moveTo = (index: number) => {
    if (total === 0) return;
    const next = Math.max(0, Math.min(total - 1, index));
    setActive(next);
    virtual.scrollToIndex(next, { align: "auto" });
  };
  const open = (index: number) => {
    const head = given.headAt?.(index);
    if (head !== undefined) return head.onToggle();
    const row = given.rowAt(index);
    if (row !== undefined) onOpen?.(row);
  };
  const move = { ArrowDown: () => moveTo(active + 1), ArrowUp: () => moveTo(active - 1), j: () => moveTo(active + 1), k: () => moveTo(active - 1) };
  const ofRow = Object.fromEntries(
    Object.entries(given.rowKeys ?? {}).map(([key, act]) => [
      key,
      () => {
        const row = active < 0 || given.headAt?.(active) !== undefined ? undefined : given.rowAt(active);
        if (row !== undefined) act(row);
      },
    ]),
  );
  useKeys(
    onOpen === undefined ? {} : { ...move, ...ofRow, Enter: () => active >= 0 && open(active), Home: () => moveTo(0), End: () => moveTo(total - 1) },
    given.hasKeys ?? true,
  );

  const frozen = useMemo(() => frozenPlaces(columns, isNarrow), [columns, isNarrow]);
  const press = useStable((index: number) => {
    if (window.getSelection()?.isCollapsed === false) return;
    setActive(index);
    open(index);
  });
  const least = isPhone ? 0 : columns.reduce((sum, column) => sum + pixelsOf(column.width), 0);
  const tracks = { "--tracks": isPhone ? "minmax(0, 1fr)" : columns.map((column) => column.width).join(" "), "--least": `${least}px` } as CSSProperties;
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={given.label}
      aria-rowcount={total + 1}
      aria-colcount={isPhone ? 1 : columns.length}
      {...(active >= 0 ? { "aria-activedescendant": `${id}-${active}` } : {})}
      className={styles["table"]}
      data-filling={given.isFilling ?? undefined}
      style={tracks}
    >
      {isPhone ? null : (
        <div role="rowgroup" className={styles["head"]}>
          <div role="row" aria-rowindex={1} className={styles["row"]}>
            {columns.map((column) => (
              <HeadCell
                key={column.key}
                column={column}
                sort={given.sort}
                onSort={given.onSort}
                left={frozen.get(column.key)}
                onResize={column.isResizable === true ? given.onResize : undefined}
              />
            ))}
          </div>
        </div>
      )}
      <div role="rowgroup" className={styles["body"]} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const head = given.headAt?.(item.index);
          const row = head === undefined ? given.rowAt(item.index) : undefined;
          return (
            <TableRow
              key={item.key}
              id={`${id}-${item.index}`}
              index={item.index}
              start={item.start}
              pixels={pixels}
              row={row}
              head={head}
              columns={columns}
              frozen={frozen}
              renderPhone={isPhone ? given.renderPhone : undefined}
              isActive={item.index === active}
              isSelected={row !== undefined && given.selected !== undefined && given.keyOf(row) === given.selected}
              canOpen={onOpen !== undefined}
              onPress={press}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps<Row> {
  readonly id: string;
  readonly index: number;
  readonly start: number;
  readonly pixels: number;
  readonly row: Row | undefined;
  readonly head: GroupHead | undefined;
  readonly columns: readonly Column<Row>[];
  readonly frozen: ReadonlyMap<string, number>;
  /** Set on a phone. */
  readonly renderPhone: ((row: Row) => ReactNode) | undefined;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly canOpen: boolean;
  readonly onPress: (index: number) => void;
}

/** Rendered again only when something of its own has changed: moving and scrolling touch one row or two, not all in sight. */
const TableRow = memo(function TableRow<Row>({ row, head, columns, frozen, renderPhone, index, ...given }: RowProps<Row>) {
  return (
    <div
      id={given.id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={given.isSelected}
      className={styles["row"]}
      data-active={given.isActive || undefined}
      data-open={given.canOpen || undefined}
      style={{ transform: `translateY(${given.start}px)`, height: given.pixels }}
      onClick={() => given.onPress(index)}
    >
      {head !== undefined ? (
        <div role="gridcell" aria-expanded={head.isOpen} className={styles["group"]}>
          {head.isOpen ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />} {head.label}
        </div>
      ) : renderPhone !== undefined ? (
        <div role="gridcell" className={styles["phone"]}>
          {row === undefined ? <span className={styles["waiting"]} /> : renderPhone(row)}
        </div>
      ) : (
        columns.map((column) => (
          <div key={column.key} role="gridcell" className={styles["cell"]} data-number={column.isNumber ?? undefined} {...frozenProps(frozen.get(column.key))}>
            {row === undefined ? <span className={styles["waiting"]} /> : column.render(row)}
          </div>
        ))
      )}
    </div>
  );
}) as <Row>(given: RowProps<Row>) => ReactNode;

/** The least pixels of a track. */
function pixelsOf(track: string): number {
  return Number(/(\d+)px/.exec(track)?.[1] ?? 0);
}

/** Where frozen columns stand, by key: on a narrow screen at least the first. */
function frozenPlaces<Row>(columns: readonly Column<Row>[], isNarrow: boolean): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const last = Math.max(
    columns.findLastIndex((column) => column.isFrozen === true),
    isNarrow ? 0 : -1,
  );
  let left = 0;
  for (const column of columns.slice(0, last + 1)) {
    places.set(column.key, left);
    left += Number(/^(\d+)px$/.exec(column.width)?.[1] ?? 0);
  }
  return places;
}

function frozenProps(left: number | undefined): { "data-frozen"?: true; style?: CSSProperties } {
  return left === undefined ? {} : { "data-frozen": true, style: { left } };
}

function HeadCell<Row>({
  column,
  sort,
  onSort,
  left,
  onResize,
}: {
  column: Column<Row>;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
  left: number | undefined;
  onResize: ((key: string, width: number) => void) | undefined;
}) {
  const { sortBy } = column;
  const isSorted = sortBy !== undefined && sort?.by === sortBy;
  const direction = isSorted ? (sort.descending ? "descending" : "ascending") : "none";
  return (
    <div
      role="columnheader"
      aria-label={column.head === undefined ? undefined : column.label}
      className={styles["cell"]}
      data-number={column.isNumber ?? undefined}
      {...(sortBy === undefined ? {} : { "aria-sort": direction })}
      {...frozenProps(left)}
    >
      {column.head !== undefined ? (
        column.head
      ) : sortBy === undefined || onSort === undefined ? (
        column.label
      ) : (
        <button type="button" className={styles["sort"]} onClick={() => onSort({ by: sortBy, descending: isSorted && !sort.descending })}>
          {column.label}
          {isSorted ? sort.descending ? <IconArrowDown size={13} aria-hidden /> : <IconArrowUp size={13} aria-hidden /> : null}
        </button>
      )}
      {onResize === undefined ? null : <ResizeHandle label={column.label} least={pixelsOf(column.width)} onResize={(width) => onResize(column.key, width)} />}
    </div>
  );
}

const leastWidth = 48;
const mostWidth = 800;
const stepPixels = 16;

/** The edge of a column: dragged with the pointer, moved with ← →. */
function ResizeHandle({ label, least, onResize }: { label: string; least: number; onResize: (width: number) => void }) {
  const { w } = useWords();
  const from = useRef<{ x: number; width: number }>(undefined);
  const widthOf = (handle: Element) => Math.round(handle.parentElement?.getBoundingClientRect().width ?? leastWidth);
  const put = (width: number) => onResize(Math.max(leastWidth, Math.min(mostWidth, Math.round(width))));
  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={w.list.resize(label)}
      aria-valuemin={leastWidth}
      aria-valuemax={mostWidth}
      aria-valuenow={least}
      tabIndex={0}
      className={styles["resize"]}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width: widthOf(event.currentTarget) };
      }}
      onPointerMove={(event) => {
        if (from.current !== undefined) put(from.current.width + event.clientX - from.current.x);
      }}
      onPointerUp={() => {
        from.current = undefined;
      }}
      onKeyDown={(event) => {
        const step = event.key === "ArrowRight" ? stepPixels : event.key === "ArrowLeft" ? -stepPixels : 0;
        if (step === 0) return;
        event.preventDefault();
        event.stopPropagation();
        put(widthOf(event.currentTarget) + step);
      }}
    />
  );
}
