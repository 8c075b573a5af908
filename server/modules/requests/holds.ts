import type { Context } from "#server/core/door/index.ts";

/**
 * Which of these customers must be kept for now, whatever their term and whoever asks (a running incident, a lawsuit).
 * Modules declare holds; erasure and disposal ask them without knowing them.
 */
export type Hold = (context: Context, customerNos: readonly number[]) => Promise<ReadonlySet<number>>;

/** All of `customerNos` on which some hold stands. */
export async function heldAmong(context: Context, holds: readonly Hold[], customerNos: readonly number[]): Promise<Set<number>> {
  const held = new Set<number>();
  for (const hold of holds) {
    for (const no of await hold(context, customerNos)) {
      held.add(no);
    }
  }
  return held;
}
