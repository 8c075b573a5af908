import type { Fact } from "#server/core/ledger/index.ts";

export interface GapWatch {
  /** An act was refused because it could not be recorded. */
  unrecorded(): void;
  /** Something was recorded. */
  recorded(): void;
  /** Looks whether the ledger records, and tells of a gap that has ended. `isLast`: tries to tell of it whatever it looks like. Never throws. */
  look(isLast?: boolean): Promise<void>;
  /** Whether the last act that could not be recorded is past: something was recorded since, and for `calmMs` no other was refused. */
  isPast(): boolean;
}

/** How long nothing must have been refused, in milliseconds: one connection may still be held up while another records again. */
export const calmMs = 3_000;

/**
 * Watches over the times in which nothing could be recorded. Such a time leaves no trace of itself; the first event that can
 * be recorded again says from when to when it lasted and how many acts were refused.
 */
export function createGapWatch(given: {
  readonly now: () => Date;
  /** Milliseconds that only grow, whatever is done to the clock. */
  readonly elapsed: () => number;
  readonly isRecording: () => boolean;
  /** Records `ledger.gap`; rejects while that cannot be done. */
  readonly record: (facts: { readonly [key: string]: Fact }) => Promise<void>;
}): GapWatch {
  let from: Date | undefined;
  let lastRefusedAt: Date | undefined;
  let refused = 0;
  let isTelling = false;
  let isRecordedSince = true;
  let calmFrom = Number.NEGATIVE_INFINITY;
  return {
    unrecorded() {
      isRecordedSince = false;
      calmFrom = given.elapsed() + calmMs;
      from ??= given.now();
      lastRefusedAt = given.now();
      refused += 1;
    },
    recorded() {
      isRecordedSince = true;
    },
    async look(isLast = false) {
      if (!isLast && !given.isRecording()) {
        from ??= given.now();
        return;
      }
      if (from === undefined || isTelling) return;
      isTelling = true;
      const [told, last] = [refused, lastRefusedAt];
      try {
        await given.record({ from: from.toISOString(), to: given.now().toISOString(), refused: told, lastRefusedAt: last?.toISOString() ?? null });
        // What was refused while this was being told begins the next gap.
        refused -= told;
        from = refused > 0 ? last : undefined;
        lastRefusedAt = refused > 0 ? lastRefusedAt : undefined;
      } catch {
        // It is still not possible: the gap goes on.
      } finally {
        isTelling = false;
      }
    },
    isPast: () => isRecordedSince && given.elapsed() >= calmFrom,
  };
}
