import { afterAll, beforeAll, expect, it } from "vitest";
import { openHouse, type TestHouse } from "#tests/support/open-house.ts";
import { countGivenUp } from "./count-given-up.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

it("counts the event numbers below the settled one that stand in no round, and none that may still come", async () => {
  const { owner } = house.database;
  await house.open.sequencer.sequenceNow();
  expect(await countGivenUp(owner)).toBe(0);
  const settles = (shift: number) =>
    owner.query(
      `insert into ledger_rounds (round_no, epoch_no, first_sequence, event_count, event_nos, leaf_hashes, frontier, lowest_event_no, highest_event_no, settled_event_no)
       select round_no + 1, epoch_no, first_sequence + event_count, 2, array[highest_event_no + 4, highest_event_no + 6], decode(repeat('00', 64), 'hex'), frontier,
              highest_event_no + 4, highest_event_no + 6, highest_event_no + $1
         from ledger_rounds order by round_no desc limit 1`,
      [shift],
    );
  await owner.query("alter table ledger_rounds disable trigger user");
  await settles(6);
  expect(await countGivenUp(owner)).toBe(4);
  await owner.query("delete from ledger_rounds where round_no = (select max(round_no) from ledger_rounds)");
  await settles(3);
  expect(await countGivenUp(owner)).toBe(3);
});
