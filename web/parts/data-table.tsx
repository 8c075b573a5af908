import { useMediaQuery } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { createContext, useContext, useEffect, useId, useRef, useState, type CSSProperties, type ReactNode } from "react";
import styles from "#web/parts/data-table.module.css";
import { useKeys } from "#web/parts/use-keys.ts";

const rowPixels = 36;
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
  readonly render: (row: Row) => ReactNode;
}
export interface DataTableProps<Row> {
  readonly label: string;
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
}

/** Where each list was left, so that Back finds it there. */
export const ListPlaces = createContext(new Map<string, number>());

/** The one table: virtual rows of 36 px, a header that stays, sort, and the keys j k ↑ ↓ Enter. */
export function DataTable<Row>(given: DataTableProps<Row>) {
  const { total, columns, onVisible, onOpen, listKey } = given;
  const id = useId();
  const isNarrow = useMediaQuery("(width < 720px)", false, { getInitialValueInEffect: false }) === true;
  const isPhone = isNarrow && given.renderPhone !== undefined;
  const pixels = isPhone ? phoneRowPixels : rowPixels;
  const scroller = useRef<HTMLDivElement>(null);
  const places = useContext(ListPlaces);
  const [active, setActive] = useState(-1);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => pixels,
    overscan: 4,
    scrollPaddingStart: isPhone ? 0 : rowPixels,
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
    const row = given.rowAt(index);
    if (row !== undefined) onOpen?.(row);
  };
  const move = { ArrowDown: () => moveTo(active + 1), ArrowUp: () => moveTo(active - 1), j: () => moveTo(active + 1), k: () => moveTo(active - 1) };
  useKeys(
    onOpen === undefined ? {} : { ...move, Enter: () => active >= 0 && open(active), Home: () => moveTo(0), End: () => moveTo(total - 1) },
    given.hasKeys ?? true,
  );

  const least = isPhone ? 0 : columns.reduce((sum, column) => sum + Number(/(\d+)px/.exec(column.width)?.[1] ?? 0), 0);
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
              <HeadCell key={column.key} column={column} sort={given.sort} onSort={given.onSort} />
            ))}
          </div>
        </div>
      )}
      <div role="rowgroup" className={styles["body"]} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = given.rowAt(item.index);
          const isSelected = row !== undefined && given.selected !== undefined && given.keyOf(row) === given.selected;
          return (
            <div
              key={item.key}
              id={`${id}-${item.index}`}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={isSelected}
              className={styles["row"]}
              data-active={item.index === active || undefined}
              data-open={onOpen === undefined ? undefined : true}
              style={{ transform: `translateY(${item.start}px)`, height: pixels }}
              onClick={() => {
                if (window.getSelection()?.isCollapsed === false) return;
                setActive(item.index);
                open(item.index);
              }}
            >
              {isPhone ? (
                <div role="gridcell" className={styles["phone"]}>
                  {row === undefined ? <span className={styles["waiting"]} /> : given.renderPhone?.(row)}
                </div>
              ) : (
                columns.map((column) => (
                  <div key={column.key} role="gridcell" className={styles["cell"]} data-number={column.isNumber ?? undefined}>
                    {row === undefined ? <span className={styles["waiting"]} /> : column.render(row)}
                  </div>
                ))
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function HeadCell<Row>({ column, sort, onSort }: { column: Column<Row>; sort: Sort | undefined; onSort: ((sort: Sort) => void) | undefined }) {
  const { sortBy } = column;
  const isSorted = sortBy !== undefined && sort?.by === sortBy;
  const direction = isSorted ? (sort.descending ? "descending" : "ascending") : "none";
  return (
    <div
      role="columnheader"
      className={styles["cell"]}
      data-number={column.isNumber ?? undefined}
      {...(sortBy === undefined ? {} : { "aria-sort": direction })}
    >
      {sortBy === undefined || onSort === undefined ? (
        column.label
      ) : (
        <button type="button" className={styles["sort"]} onClick={() => onSort({ by: sortBy, descending: isSorted && !sort.descending })}>
          {column.label}
          {isSorted ? sort.descending ? <IconArrowDown size={13} aria-hidden /> : <IconArrowUp size={13} aria-hidden /> : null}
        </button>
      )}
    </div>
  );
}
