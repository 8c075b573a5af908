/** Steps of the two clocks since they were last compared, in ms: how much further a clock went than time itself. */
export interface ClockSteps {
  readonly nodeStepMs: number;
  readonly databaseStepMs: number;
  /** How far the database's clock is before the node's, in ms. */
  readonly databaseAheadMs: number;
}

/** The three clocks read at one moment, in ms. `running` cannot be set; `database` is null where it did not answer. */
export interface ClockReading {
  readonly running: number;
  readonly node: number;
  readonly database: number | null;
}

/** Below that a step is what a busy machine and a network make of reading clocks one after the other. */
export const leastStepMs = 1_000;

/**
 * Compares the clocks with the one that only runs on, so that setting them is seen whichever way and however slowly it is
 * done. Gives for each reading the steps since the last report, or undefined where none is worth one.
 */
export function createClockWatch(): (reading: ClockReading) => ClockSteps | undefined {
  let node: { readonly running: number; readonly at: number } | undefined;
  let database: { readonly running: number; readonly at: number } | undefined;
  const stepOf = (since: { readonly running: number; readonly at: number } | undefined, running: number, at: number): number =>
    since === undefined ? 0 : Math.round(at - since.at - (running - since.running));
  const isStep = (ms: number): boolean => Math.abs(ms) >= leastStepMs;
  return (reading) => {
    const nodeStepMs = stepOf(node, reading.running, reading.node);
    const databaseStepMs = reading.database === null ? 0 : stepOf(database, reading.running, reading.database);
    if (node === undefined || isStep(nodeStepMs)) node = { running: reading.running, at: reading.node };
    if (reading.database !== null && (database === undefined || isStep(databaseStepMs))) database = { running: reading.running, at: reading.database };
    if (!isStep(nodeStepMs) && !isStep(databaseStepMs)) return undefined;
    return {
      nodeStepMs: isStep(nodeStepMs) ? nodeStepMs : 0,
      databaseStepMs: isStep(databaseStepMs) ? databaseStepMs : 0,
      databaseAheadMs: reading.database === null ? 0 : Math.round(reading.database - reading.node),
    };
  };
}
