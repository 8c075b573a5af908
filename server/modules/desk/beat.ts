/** What a beat is measured with: a clock that only grows (ms), and waiting. */
export interface Timing {
  readonly monotonicMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** Every look takes a whole number of beats. Longer than the slowest ordinary look, shorter than a caller notices. */
export const beatMs = 400;

/** How long is left to the next beat after so many ms of work. Pure. */
export function leftOfBeat(elapsedMs: number): number {
  return beatMs - (elapsedMs % beatMs);
}

/** Begins a look; the function that is returned resolves at the next beat, whatever the look came to. */
export function beginBeat({ monotonicMs, pause }: Timing): () => Promise<void> {
  const begun = monotonicMs();
  return () => pause(leftOfBeat(monotonicMs() - begun));
}

export const systemTiming: Timing = {
  monotonicMs: () => performance.now(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
