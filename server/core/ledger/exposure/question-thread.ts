import { answerTasks } from "./answer-tasks.ts";
import { packPeople } from "./join-people.ts";
import { matchChunks, type EventFilter } from "./match-events.ts";
import { packSet, unpackSets, type PackedSet } from "./packed-set.ts";
import { gatherPeople } from "./people-seen.ts";
import type { PeopleSeenOptions } from "./people-tally.ts";

export type MatchTask = { readonly ask: "match"; readonly filter: EventFilter; readonly chunkNos: readonly number[] };
export type PeopleTask = { readonly ask: "people"; readonly events: PackedSet; readonly options: PeopleSeenOptions };

/** Parts of questions as they stand (match-events.ts, people-seen.ts). */
answerTasks<MatchTask | PeopleTask>(async (copier, task) =>
  task.ask === "match"
    ? packSet(await matchChunks(copier, task.filter, task.chunkNos))
    : packPeople(await gatherPeople(copier, unpackSets(task.events), task.options)),
);
