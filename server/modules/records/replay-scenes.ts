import type { RecordedEvent } from "#server/core/ledger/index.ts";

export interface Scene {
  readonly from: Date;
  readonly to: Date;
  /** Distinct customers of whom a value was released. */
  readonly people: number;
  readonly steps: { readonly eventNos: number[]; readonly people: number }[];
}

/** So long without an event ends a scene. */
const gapMs = 5 * 60_000;

/**
 * Puts a story together: events, oldest first, into scenes with nothing for five minutes between them, and within a scene
 * neighbours of one account, type, outcome and purpose into one step.
 */
export function groupScenes(events: readonly RecordedEvent[]): Scene[] {
  const scenes: RecordedEvent[][] = [];
  for (const event of events) {
    const scene = scenes.at(-1);
    const former = scene?.at(-1);
    if (scene === undefined || former === undefined || event.at.getTime() - former.at.getTime() >= gapMs) {
      scenes.push([event]);
    } else {
      scene.push(event);
    }
  }
  return scenes.map((scene) => ({
    from: (scene[0] as RecordedEvent).at,
    to: (scene.at(-1) as RecordedEvent).at,
    people: countPeople(scene),
    steps: stepsOf(scene),
  }));
}

function stepsOf(scene: readonly RecordedEvent[]): Scene["steps"] {
  const steps: RecordedEvent[][] = [];
  for (const event of scene) {
    const step = steps.at(-1);
    const former = step?.[0];
    if (step !== undefined && former !== undefined && isAlike(former, event)) {
      step.push(event);
    } else {
      steps.push([event]);
    }
  }
  return steps.map((step) => ({ eventNos: step.map((event) => event.eventNo), people: countPeople(step) }));
}

function isAlike(a: RecordedEvent, b: RecordedEvent): boolean {
  return a.type === b.type && a.accountNo === b.accountNo && a.principal === b.principal && a.outcome === b.outcome && a.purpose === b.purpose;
}

/** Distinct customers of whom a value was released in any of the events. */
export function countPeople(events: readonly RecordedEvent[]): number {
  const people = new Set<number>();
  for (const { releases } of events) {
    for (const release of releases) {
      if (release.kind === "customer" && release.fields.length > 0) {
        for (const no of release.numbers) {
          people.add(no);
        }
      }
    }
  }
  return people.size;
}
