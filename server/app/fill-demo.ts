import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance, InjectOptions } from "fastify";
import { Secret } from "otpauth";
import { actAs } from "#server/core/door/index.ts";
import { accountTasks, addActiveAccount, foundSampleOrganisation, hashPassword, startSession } from "#server/modules/accounts/index.ts";
import {
  generateCustomers,
  planActivity,
  planIncident,
  planLists,
  planNotes,
  planRequests,
  planViews,
  sampleCustomerCount,
  sampleDepartments,
  sampleOrganisation,
  sampleStaff,
  type Act,
  type SampleCustomer,
} from "#server/modules/sample/index.ts";
import { insertSample, insertSampleDuplicates, insertSamplePurchases, sampleSeed } from "./fill-sample-rows.ts";
import { createIncidentReplayer, type Call } from "./fill-incident.ts";
import type { OpenStorehouse } from "./open-storehouse.ts";

/** An account to try, as the demo prints it. */
export interface DemoAccount {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
  readonly role: string;
  readonly label: string;
}

const seed = sampleSeed;
const password = "kuraban-demo-1121";

/**
 * Fills an empty storehouse with the sample company: departments, 25 members of staff, 2,000 customers in 300 companies,
 * and two weeks of work, replayed through the product's own routes at the times of the plan.
 */
export async function fillDemo(
  open: OpenStorehouse,
  app: FastifyInstance,
  time: { set(at: Date | undefined): void },
  progress: (done: number, of: number) => void,
): Promise<DemoAccount[]> {
  const now = new Date();
  const customers = [...generateCustomers(seed, sampleCustomerCount)];
  const plan = [
    ...planActivity({ seed, until: now, customers }),
    ...planLists({ until: now, customers }),
    ...planNotes({ seed, until: now, customers }),
    ...planViews({ until: now, customers }),
    ...planRequests({ seed, until: now, customers }),
    ...planIncident({ until: now, customers }),
  ].toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const start = new Date((plan[0]?.at ?? now).getTime() - 86_400_000);
  time.set(start);
  const { storehouse } = open;
  const cells = await actAs(storehouse, "system", "organisation.founded", randomUUID(), (context) =>
    foundSampleOrganisation(context, { name: sampleOrganisation, departments: sampleDepartments }),
  );
  const accounts = new Map<string, number>();
  const toTry: DemoAccount[] = [];
  const passwordHash = await hashPassword(password);
  for (const staff of sampleStaff) {
    const totpSecret = new Secret({ size: 20 }).base32;
    const { accountNo } = await actAs(storehouse, "system", "account.added", randomUUID(), (context) =>
      addActiveAccount(context, {
        name: staff.name,
        mail: staff.mail,
        passwordHash,
        totpSecret,
        departmentNo: cells.get(staff.department)?.departmentNo ?? null,
        roles: staff.roles,
      }),
    );
    accounts.set(staff.key, accountNo);
    if (staff.isToTry) {
      const role = staff.roles[0] as string;
      toTry.push({ email: staff.mail, password, totpSecret, role, label: storehouse.policy?.roles.get(role)?.labelJa ?? role });
    }
  }
  const { customerNos, companyNos } = await insertSample(storehouse, now, customers, cells, accounts);
  await insertSampleDuplicates(storehouse, customers, cells, accounts);
  await insertSamplePurchases(storehouse, now, customers, customerNos);
  const replayer = createReplayer(open, app, accounts, customers, customerNos, companyNos);
  for (const { key } of sampleStaff) {
    await replayer(start, key, { kind: "acknowledge-notice" });
  }
  const expireSessions = accountTasks(storehouse)["sessions.expire"];
  const job = { payload: {}, attempt: 1, signal: new AbortController().signal, remember: async () => true };
  let lookedAt = start.getTime();
  let done = 0;
  for (const { at, staff, act } of plan) {
    time.set(at);
    if (at.getTime() - lookedAt > sessionsLookedAtMs) {
      lookedAt = at.getTime();
      await expireSessions?.run(job);
    }
    await replayer(at, staff, act);
    done += 1;
    if (done % 50 === 0) {
      progress(done, plan.length);
    }
  }
  // What waits for its place in the tree would look long overdue once the time is the real one again.
  await open.sequencer.sequenceNow();
  time.set(undefined);
  return toTry;
}

/** How often, in the time of the plan, sessions that ran out are looked for. */
const sessionsLookedAtMs = 60 * 60_000;

/** After this time without an act people sign in again, as the product would ask them to. */
const leftAloneMs = 20 * 60_000;

/** Does one act of the plan as its member of staff, over the product's own routes. */
function createReplayer(
  open: OpenStorehouse,
  app: FastifyInstance,
  accounts: ReadonlyMap<string, number>,
  customers: readonly SampleCustomer[],
  customerNos: readonly number[],
  companyNos: readonly number[],
): (at: Date, staff: string, act: Act) => Promise<void> {
  const cookies = new Map<string, string>();
  const lastActs = new Map<string, Date>();
  const versions = new Map<number, number>();
  const noteNos = new Map<number, number>();
  const requests = new Map<number, { no: number; version: number }>();
  let firstList: { no: number; customers: readonly number[] } | undefined;
  const send = async (staff: string, given: InjectOptions & { readonly method: string; readonly url: string }): Promise<Record<string, unknown>> => {
    const { method, url } = given;
    const ask = () =>
      app.inject({
        ...given,
        headers: {
          ...given.headers,
          "x-kuraban": "1",
          cookie: `kuraban-session=${cookies.get(staff) ?? ""}`,
          "user-agent": "Mozilla/5.0 (Windows NT 10.0) Kuraban sample",
        },
        remoteAddress: `192.0.2.${10 + (accounts.get(staff) ?? 0)}`,
      });
    let reply = await ask();
    // A busy machine may be refused for a moment, as people are; they ask again too.
    for (let tries = 0; reply.statusCode === 503 && tries < 60; tries += 1) {
      await wait(1_000);
      reply = await ask();
    }
    if (reply.statusCode >= 500) {
      throw new Error(`the sample's ${method} ${url.replaceAll(/[0-9a-f-]{36}|\d+/g, "…")} failed with ${reply.statusCode}`);
    }
    return reply.statusCode < 400 && String(reply.headers["content-type"]).startsWith("application/json")
      ? (JSON.parse(reply.body) as Record<string, unknown>)
      : {};
  };
  const call: Call = (staff, method, url, body) => send(staff, { method, url, ...(body === undefined ? {} : { payload: body }) });
  const replayIncident = createIncidentReplayer({
    open,
    call,
    upload: (staff, url, payload, headers) =>
      send(staff, { method: "POST", url, payload: payload as string, headers: { ...headers, "content-type": "application/octet-stream" } }),
    accounts,
    customers,
    customerNos,
    list: () => firstList,
  });
  const path = (ordinal: number): string => `/api/customers/${customerNos[ordinal] ?? 0}`;
  const signIn = async (staff: string): Promise<void> => {
    cookies.set(
      staff,
      await actAs(open.storehouse, "system", "session.started", randomUUID(), (context) =>
        startSession(context, { accountNo: accounts.get(staff) as number, address: `192.0.2.${10 + (accounts.get(staff) ?? 0)}`, device: "sample" }),
      ),
    );
    await call(staff, "GET", "/api/session");
  };
  return async (at, staff, act) => {
    const isLeftAlone = at.getTime() - (lastActs.get(staff)?.getTime() ?? 0) > leftAloneMs;
    lastActs.set(staff, at);
    // A session that ended by itself is not ended once more.
    if (isLeftAlone && act.kind === "sign-out") {
      return;
    }
    if (isLeftAlone && act.kind !== "sign-in") {
      await signIn(staff);
    }
    switch (act.kind) {
      case "sign-in":
        await signIn(staff);
        break;
      case "sign-out":
        await call(staff, "DELETE", "/api/session");
        break;
      case "acknowledge-notice": {
        const { version, noticeNo } = await call(staff, "GET", "/api/monitoring-notice");
        await call(staff, "POST", "/api/monitoring-notice/acknowledge", { version, noticeNo });
        break;
      }
      case "browse": {
        const view = await call(staff, "POST", "/api/customers/views", {});
        for (let page = 1; page < act.pages; page += 1) {
          await call(staff, "GET", `/api/customers/views/${String(view["viewId"])}/rows?offset=${page * 50}&limit=50`);
        }
        break;
      }
      case "search":
        await call(staff, "POST", "/api/customers/views", { search: act.typed });
        break;
      case "view":
      case "view-foreign": {
        const shown = await call(staff, "GET", path(act.customer));
        if (typeof shown["version"] === "number") {
          versions.set(act.customer, shown["version"]);
        }
        break;
      }
      case "reveal":
        await call(staff, "POST", `${path(act.customer)}/reveal`, { fields: act.fields, purpose: act.purpose });
        break;
      case "edit": {
        const changed = await call(staff, "PATCH", path(act.customer), { version: versions.get(act.customer) ?? 1, values: act.values });
        if (typeof changed["version"] === "number") {
          versions.set(act.customer, changed["version"]);
        }
        break;
      }
      case "history":
        await call(staff, "GET", `${path(act.customer)}/history`);
        break;
      case "trash-and-restore": {
        await call(staff, "POST", `${path(act.customer)}/trash`, { version: versions.get(act.customer) ?? 1 });
        const restored = await call(staff, "POST", `${path(act.customer)}/restore`);
        if (typeof restored["version"] === "number") {
          versions.set(act.customer, restored["version"]);
        }
        break;
      }
      case "note": {
        const { note, text, next } = act;
        const written = await call(staff, "POST", `${path(act.customer)}/notes`, { kind: note, text, action: next });
        if (typeof written["noteNo"] === "number") {
          noteNos.set(act.id, written["noteNo"]);
        }
        break;
      }
      case "note-done":
        await call(staff, "POST", `/api/notes/${noteNos.get(act.id) ?? 0}/action`, { done: true });
        break;
      case "company-note":
        await call(staff, "POST", `/api/companies/${companyNos[act.company] ?? 0}/notes`, { kind: act.note, text: act.text });
        break;
      case "take-out": {
        const { name, purpose, fields, reason, handler } = act;
        const made = await call(staff, "POST", "/api/lists", {
          name,
          purpose,
          fields,
          reason,
          ...(handler === undefined ? {} : { destination: "handler", handler }),
          customerNos: act.customers.map((ordinal) => customerNos[ordinal] ?? 0),
          endsOn: new Date(at.getTime() + act.days * 86_400_000).toISOString().slice(0, 10),
        });
        if (typeof made["listNo"] === "number") firstList ??= { no: made["listNo"], customers: act.customers };
        for (let drawn = 0; drawn < act.downloads && made["kind"] === "ready"; drawn += 1) {
          await call(staff, "POST", `/api/lists/${String(made["listNo"])}/download`, {});
        }
        break;
      }
      case "keep-view": {
        const { name, sharing, filters, sort } = act;
        await call(staff, "POST", "/api/saved-views", { name, sharing, cellNo: null, search: "", filters, sort, columns: null });
        break;
      }
      case "star":
        await call(staff, "PUT", "/api/stars", { customerNos: act.customers.map((ordinal) => customerNos[ordinal] ?? 0), isStarred: true });
        break;
      case "use-purpose":
        await call(staff, "POST", "/api/use-purposes", { ja: act.ja, en: act.en, opt: act.opt });
        break;
      case "consent":
        await call(staff, "POST", `${path(act.customer)}/consents`, { purposeNo: act.purposeNo, stance: act.stance, how: act.how });
        break;
      case "suspend":
        await call(staff, "POST", `${path(act.customer)}/suspend`, { reason: act.reason });
        break;
      case "person-request": {
        const recorded = await call(staff, "POST", `${path(act.customer)}/person-requests`, act.asked);
        requests.set(act.id, { no: Number(recorded["requestNo"] ?? 0), version: 1 });
        break;
      }
      case "person-request-moved": {
        const { no, version } = requests.get(act.id) ?? { no: 0, version: 1 };
        await call(staff, "POST", `/api/person-requests/${no}/move`, { version, step: act.step });
        requests.set(act.id, { no, version: version + 1 });
        break;
      }
      case "incident":
        await replayIncident(at, staff, act.step);
        break;
      case "read-ledger":
        await call(staff, "POST", "/api/ledger/events", {});
        break;
      case "exposures":
        await call(staff, "GET", `${path(act.customer)}/exposures`);
        break;
      case "verify-ledger":
        // In this fast time the last acts seem hours old; they must have their places before anybody looks.
        await open.sequencer.sequenceNow();
        await call(staff, "POST", "/api/ledger/verify");
        break;
    }
  };
}
