import { expect, test } from "vitest";
import { z } from "zod";
import { buildReply, buildReplyInTurns, type Open } from "./build-reply.ts";
import { giveTurns } from "./give-turns.ts";

const reply = z.object({ first: z.number(), rows: z.array(z.object({ no: z.number(), tags: z.array(z.string()) })), after: z.string().nullable() });
/** No place of this reply is personal. */
const open: Open = {
  open: () => expect.unreachable(),
  openValues: () => expect.unreachable(),
  confirm: () => expect.unreachable(),
};
const draftOf = (rows: number) => ({
  after: null,
  rows: Array.from({ length: rows }, (_, no) => ({ no, tags: ["a"], secret: "not of the schema" })),
  first: 3,
});

test.each([0, 64, 65, 1_000])("a reply of %i rows built in turns is the one that is built at once", async (rows) => {
  let turns = 0;
  const giveTurn = async (): Promise<void> => {
    turns += 1;
  };
  const built = await buildReplyInTurns(reply, draftOf(rows), open, giveTurn);
  expect(JSON.stringify(built)).toBe(JSON.stringify(buildReply(reply, draftOf(rows), open)));
  expect(turns).toBe(rows > 64 ? Math.floor(rows / 64) : 0);
});

test("whoever's event became durable goes on before the next rows are built", async () => {
  const order: string[] = [];
  let asked = 0;
  const giveTurn = giveTurns({
    hasHeard: () => {
      asked += 1;
      order.push(`asked ${asked}`);
      if (asked !== 2) return false;
      void Promise.resolve().then(() => order.push("goes on"));
      return true;
    },
  });
  await buildReplyInTurns(reply, draftOf(200), open, giveTurn);
  expect(order.filter((each) => each !== "asked 1")).toEqual(["asked 2", "goes on", "asked 3"]);
});
