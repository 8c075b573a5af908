import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { fieldClass } from "./rights.ts";

/** What might be stolen: an account, a role (whoever of its holders), a browser that somebody works with. */
export const reachKinds = ["account", "role", "device"] as const;
export type ReachKind = (typeof reachKinds)[number];

/** Weeks of history beside a figure. */
export const trendWeeks = 12;

/** From each of these days on the figure was so. Ascending; the first may be older than the weeks shown. */
const trend = z.array(z.object({ day: z.string(), people: z.number() }));

const figure = z.object({
  /** The number of an account, the key of a role, the number of a device. */
  key: z.string(),
  /** Accounts that it stands for: itself; whoever holds the role; whoever worked with the device in the last 90 days. */
  accountNos: z.array(z.number()),
  /** People of whom something can be read, now, with these accounts; of a device with those that are signed in on it. */
  people: z.number(),
  /** Of how many of them a class is read, and of how many unmasked. */
  classes: z.array(z.object({ class: fieldClass, read: z.number(), full: z.number() })),
  /** Sessions that are open now. */
  sessions: z.number(),
  /** Of a device: what its browser said of itself, when it was last there, and how many people it was shown in the last 90 days (null: not counted yet). */
  device: z.object({ name: z.string().nullable(), lastAt: z.string(), released: z.number().nullable() }).nullable(),
  trend,
});
export type ReachFigure = z.output<typeof figure>;

/** 「もし盗まれたら」: people within reach, by the rights and the standings of this moment. Numbers alone. */
export const showReach = endpoint({
  method: "GET",
  path: "/api/reach/:kind",
  access: "take-measures",
  summary: "How many people could be read if this account, role or device were stolen now, largest first, with the trend of 12 weeks",
  params: z.object({ kind: z.enum(reachKinds) }),
  reply: z.object({
    at: z.string(),
    /** People in the storehouse: active, each once. */
    customers: z.number(),
    figures: z.array(figure),
    from: z.string(),
    /** The last count that was kept. */
    counted: z.object({ at: z.string(), tookMs: z.number(), figures: z.number() }).nullable(),
    counting: z.object({ done: z.number(), of: z.number() }).nullable(),
  }),
});

/** For Home: nothing is counted for it. */
export const largestReach = endpoint({
  method: "GET",
  path: "/api/largest-reach",
  access: "take-measures",
  summary: "The accounts that reached most people at the last count, with the trend of 12 weeks",
  reply: z.object({
    /** Null: nothing was counted yet. */
    countedAt: z.string().nullable(),
    from: z.string(),
    figures: z.array(z.object({ accountNo: z.number(), people: z.number(), trend })),
  }),
});

export const countReach = endpoint({
  method: "POST",
  path: "/api/reach/count",
  access: "take-measures",
  summary: "Count anew in the background, with what each device was shown",
  reply: z.object({}),
});
