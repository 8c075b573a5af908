import { Agent } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { makeRandom, sentinelValues } from "#server/modules/sample/index.ts";
import { askOverHttp, type WireReply } from "../support/ask-over-http.ts";
import type { Caller } from "../support/seed-storehouse.ts";

/** Something that was asked, and what came back. */
export interface Heard {
  readonly caller: string;
  readonly what: "list" | "search" | "detail" | "edit" | "create";
  readonly reply: WireReply;
  /** Of an edit: the customer, the version it was made from, and the index of its new value. Of a create: the index of its values. */
  readonly customerNo?: number;
  readonly from?: number;
  readonly index?: number;
}

export interface LoadPlan {
  /** Changes when the product was started again. */
  readonly url: () => string;
  readonly callers: readonly Caller[];
  /** Customers that each caller may read and change. */
  readonly customersOf: (caller: Caller) => readonly number[];
  readonly cellNo: number;
  readonly indexOf: (customerNo: number) => number | undefined;
  /** An index whose sentinels nobody has used yet. */
  readonly nextIndex: () => number;
  readonly seed: number;
}

export interface Load {
  readonly heard: Heard[];
  /** How many callers wait for an answer in this moment. */
  asking(): number;
  /** Until a customer was shown and a change was acknowledged, so that whatever strikes now strikes a load. */
  underWay(): Promise<void>;
  stop(): Promise<void>;
}

/** A mixed load of several callers at once: lists, searches, details, changes and new customers, until it is stopped. */
export function startLoad(plan: LoadPlan): Load {
  const heard: Heard[] = [];
  let isStopping = false;
  let asking = 0;
  const loops = plan.callers.map(async (caller, nth) => {
    const random = makeRandom(plan.seed * 100 + nth);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (method: string, path: string, body?: unknown): Promise<WireReply> => {
      asking += 1;
      return askOverHttp(plan.url(), { method, path, cookie: caller.cookie, body, agent, timeoutMs: 25_000 }).finally(() => {
        asking -= 1;
      });
    };
    const mayWrite = caller.roles.some((role) => role !== "privacy-officer");
    const pick = <T>(items: readonly T[]): T => items[random.below(items.length)] as T;
    while (!isStopping) {
      const customerNo = pick(plan.customersOf(caller));
      const chance = random.below(mayWrite ? 10 : 6);
      let one: Heard;
      if (chance < 2) {
        one = {
          caller: caller.name,
          what: "list",
          reply: await ask("POST", "/api/customers/views", { first: 30, ...(chance === 0 ? { sort: { by: "kana", descending: false } } : {}) }),
        };
      } else if (chance < 4) {
        const values = sentinelValues("customer", plan.indexOf(customerNo) ?? 0);
        one = {
          caller: caller.name,
          what: "search",
          reply: await ask("POST", "/api/customers/views", { search: chance === 2 ? values["fullName"] : values["mail"] }),
        };
      } else if (chance < 6) {
        one = { caller: caller.name, what: "detail", reply: await ask("GET", `/api/customers/${customerNo}`) };
      } else if (chance < 9) {
        const detail: Heard = { caller: caller.name, what: "detail", reply: await ask("GET", `/api/customers/${customerNo}`) };
        if (detail.reply.status !== 0) heard.push(detail);
        if (detail.reply.status !== 200 || !detail.reply.isWhole) {
          await wait(30);
          continue;
        }
        const from = Number(detail.reply.body["version"]);
        const index = plan.nextIndex();
        one = {
          caller: caller.name,
          what: "edit",
          customerNo,
          from,
          index,
          reply: await ask("PATCH", `/api/customers/${customerNo}`, { version: from, values: { section: sentinelValues("customer", index)["section"] } }),
        };
      } else {
        const index = plan.nextIndex();
        one = {
          caller: caller.name,
          what: "create",
          index,
          reply: await ask("POST", "/api/customers", { values: writableValues(index), cellNo: plan.cellNo }),
        };
      }
      // A change that got no answer may stand all the same, unless nobody was there to hear it.
      if (one.reply.status !== 0 || (one.index !== undefined && !one.reply.isUnheard)) heard.push(one);
      // Whoever is refused waits a little, as the screens do.
      if (one.reply.status === 0 || one.reply.status === 503) await wait(30);
    }
    agent.destroy();
  });
  return {
    heard,
    asking: () => asking,
    async underWay() {
      const isAnswered = (kinds: readonly Heard["what"][]): boolean =>
        heard.some(({ what, reply }) => kinds.includes(what) && reply.status === 200 && reply.isWhole);
      for (let tries = 0; !isAnswered(["detail"]) || !isAnswered(["edit", "create"]); tries += 1) {
        if (tries > 1_200) throw new Error("the load did not get under way within a minute");
        await wait(50);
      }
    },
    async stop() {
      isStopping = true;
      await Promise.all(loops);
    },
  };
}

/** What everybody here may write: nothing sensitive. */
function writableValues(index: number): Record<string, string> {
  const { bankAccount: _account, considerations: _considerations, ...values } = sentinelValues("customer", index);
  return values;
}
