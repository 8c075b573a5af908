import { answerTasks } from "../exposure/answer-tasks.ts";
import { packPeople } from "../exposure/join-people.ts";
import { packSet, unpackSets } from "../exposure/packed-set.ts";
import { readBodies } from "./book.ts";
import { matchPacked } from "./match-proved.ts";
import { tallyProved } from "./people-proved.ts";
import type { ProvedMatchTask, ProvedPeopleTask, ToldFindings } from "./proved-threads.ts";
import { provedPacking } from "./read-proved.ts";

/** Parts of questions of which every byte is held against what was proved (match-proved.ts, people-proved.ts). */
answerTasks<ProvedMatchTask | ProvedPeopleTask>(async (copier, task) => {
  const { snapshotId, ranges: stated } = task;
  if (!/^[0-9A-F-]+$/i.test(snapshotId)) throw new Error("a snapshot has no such name");
  await copier.query("begin isolation level repeatable read read only");
  await copier.query(`set transaction snapshot '${snapshotId}'`);
  const ranges = await readBodies(copier, stated);
  if (ranges === undefined) throw new Error("what was proved is gone");
  const findings: (readonly [string, number | undefined])[] = [];
  const packing = provedPacking(ranges, (what, eventNo) => void findings.push([what, eventNo]));
  const found =
    task.ask === "match"
      ? packSet(await matchPacked(copier, packing)(task.filter))
      : packPeople(await tallyProved(copier, packing, unpackSets(task.events), task.options));
  return { ...found, findings } satisfies ToldFindings;
});
