import type { SubjectKind } from "#server/core/context/journal.ts";

/** What a reply released of one record: which fields in full, which in part, as bits by field number (1–63). */
export interface ReleasedRecord {
  readonly kind: SubjectKind;
  readonly no: number;
  fullLow: number;
  fullHigh: number;
  partialLow: number;
  partialHigh: number;
}

export function releasedNothing(kind: SubjectKind, no: number): ReleasedRecord {
  return { kind, no, fullLow: 0, fullHigh: 0, partialLow: 0, partialHigh: 0 };
}

/** Marks a field as released: 1 in part, 2 in full. Field 0 stands for a text that is no field: the record is then touched. */
export function markReleased(record: ReleasedRecord, fieldNo: number, how: 1 | 2): void {
  if (fieldNo === 0) {
    return;
  }
  const bit = 1 << (fieldNo & 31);
  if (fieldNo < 32) {
    if (how === 2) record.fullLow |= bit;
    else record.partialLow |= bit;
  } else if (how === 2) record.fullHigh |= bit;
  else record.partialHigh |= bit;
}

/** The marks as the ledger takes them: pairs of field number and level, ascending. Full covers partial. */
export function releasedPairs(record: ReleasedRecord): [fieldNo: number, how: 1 | 2][] {
  const pairs: [number, 1 | 2][] = [];
  for (let fieldNo = 1; fieldNo < 64; fieldNo += 1) {
    const bit = 1 << (fieldNo & 31);
    const full = fieldNo < 32 ? record.fullLow : record.fullHigh;
    const partial = fieldNo < 32 ? record.partialLow : record.partialHigh;
    if ((full & bit) !== 0) pairs.push([fieldNo, 2]);
    else if ((partial & bit) !== 0) pairs.push([fieldNo, 1]);
  }
  return pairs;
}
