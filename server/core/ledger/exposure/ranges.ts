/**
 * How event numbers and record numbers are cut up. A chunk is 4,096 event numbers; 16 neighbouring ranges of a level make one
 * of the next, always at the same places, so that it does not matter when something was packed. Records stand in blocks of
 * 1,024; a stored row holds one span of blocks of one range, the longer the range, the fewer blocks.
 */
export const chunkBits = 12;
export const chunkSize = 1 << chunkBits;
export const levelBits = [12, 16, 20] as const;
export type Level = 0 | 1 | 2;
export const topLevel = 2;
/** A window is a range of the top level: readers take everything about one window in one statement. */
export const windowBits = levelBits[topLevel];
export const windowSize = 1 << windowBits;
export const childrenOfRange = 16;

export const blockBits = 10;
export const blockSize = 1 << blockBits;
/** Blocks in a span, by level, as a power of two. */
export const spanBits = [6, 4, 0] as const;

export const chunkOf = (eventNo: number): number => Math.floor(eventNo / chunkSize);
export const windowOf = (eventNo: number): number => Math.floor(eventNo / windowSize);
export const blockOf = (recordNo: number): number => Math.floor(recordNo / blockSize);
export const spanOf = (blockNo: number, level: Level): number => Math.floor(blockNo / (1 << spanBits[level]));
export const firstEventOf = (rangeNo: number, level: Level): number => rangeNo * (1 << levelBits[level]);
