import type { SubjectKind } from "#server/core/context/journal.ts";

/**
 * What a reply released of one record: which fields in full, which in part, as bits by field number. Standard fields (1–63)
 * stand in four numbers; an organisation's own ones in `own`, made only where one was released, so that a page without
 * them costs nothing more.
 */
export interface ReleasedRecord {
  readonly kind: SubjectKind;
  readonly no: number;
  fullLow: number;
  fullHigh: number;
  partialLow: number;
  partialHigh: number;
  /** For each 32 field numbers from 64 on: the bits of those in full, then of those in part. */
  own: number[] | null;
}

/** Own fields are numbered from here on. */
const firstOwn = 64;

export function releasedNothing(kind: SubjectKind, no: number): ReleasedRecord {
  return { kind, no, fullLow: 0, fullHigh: 0, partialLow: 0, partialHigh: 0, own: null };
}

/** Marks a field as released: 1 in part, 2 in full. Field 0 stands for a text that is no field: the record is then touched. */
export function markReleased(record: ReleasedRecord, fieldNo: number, how: 1 | 2): void {
  if (fieldNo === 0) {
    return;
  }
  const bit = 1 << (fieldNo & 31);
  if (fieldNo >= firstOwn) {
    const own = (record.own ??= []);
    const at = 2 * ((fieldNo - firstOwn) >>> 5);
    while (own.length < at + 2) own.push(0);
    const word = how === 2 ? at : at + 1;
    own[word] = (own[word] as number) | bit;
  } else if (fieldNo < 32) {
    if (how === 2) record.fullLow |= bit;
    else record.partialLow |= bit;
  } else if (how === 2) record.fullHigh |= bit;
  else record.partialHigh |= bit;
}

/** The marks as one text: records with the same text released the same fields at the same levels. */
export function marksOf(record: ReleasedRecord): string {
  const standard = `${record.fullLow}.${record.fullHigh}.${record.partialLow}.${record.partialHigh}`;
  return record.own === null ? standard : `${standard}.${record.own.join(".")}`;
}

/** Whether two records stand in the same group for certain; own fields are not compared. */
export function isMarkedAlike(a: ReleasedRecord, b: ReleasedRecord): boolean {
  return (
    a.kind === b.kind &&
    a.fullLow === b.fullLow &&
    a.partialLow === b.partialLow &&
    a.fullHigh === b.fullHigh &&
    a.partialHigh === b.partialHigh &&
    a.own === null &&
    b.own === null
  );
}

/** The marks as the ledger takes them: pairs of field number and level, ascending. Full covers partial. */
export function releasedPairs(record: ReleasedRecord): [fieldNo: number, how: 1 | 2][] {
  const pairs: [number, 1 | 2][] = [];
  const read = (first: number, full: number, partial: number): void => {
    for (let at = 0; at < 32; at += 1) {
      const bit = 1 << at;
      if ((full & bit) !== 0) pairs.push([first + at, 2]);
      else if ((partial & bit) !== 0) pairs.push([first + at, 1]);
    }
  };
  read(0, record.fullLow, record.partialLow);
  read(32, record.fullHigh, record.partialHigh);
  const own = record.own ?? [];
  for (let at = 0; at < own.length; at += 2) read(firstOwn + 16 * at, own[at] as number, own[at + 1] as number);
  return pairs;
}
