/**
 * Time as a parameter. `now()` is the wall clock (for what is stored and shown), `monotonicMs()` only ever grows
 * (for durations and deadlines, in milliseconds from an arbitrary start).
 */
export type Clock = {
  readonly now: () => Date;
  readonly monotonicMs: () => number;
};

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
