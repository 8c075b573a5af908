import { randomUUID } from "node:crypto";
import { eraseCustomer } from "#server/app/erase-customer.ts";
import type { OpenStorehouse } from "#server/app/open-storehouse.ts";
import { actAs, type Context } from "#server/core/door/index.ts";
import { fold } from "#server/core/vault/index.ts";
import { addActiveAccount, foundSampleOrganisation, hashPassword, startSession } from "#server/modules/accounts/index.ts";
import { insertCustomers } from "#server/modules/customers/index.ts";
import { importRunTasks } from "#server/modules/imports/index.ts";
import { sentinelsOf, sentinelValues } from "#server/modules/sample/index.ts";
import { startJobs } from "#server/platform/jobs/index.ts";
import type { Clerk, Fetch, Load, LoadSize, Receipt } from "./incident-receipts.ts";
import { makeDice } from "./make-dice.ts";
import { readWorkbook } from "./read-workbook.ts";
import { buildScanner, type Scanner } from "./sentinel-scanner.ts";

const columns = ["fullName", "kana", "companyName", "mobile", "mail"];
const pageSize = 50;
/** Fields whose sentinels are looked for: every reply of the load that shows a value of a customer in full shows one of them. */
const scanned = ["fullName", "mobile"];

/**
 * Drives a working year in small: lists, pages, details, reveals, searches, lists that leave as files and files that come in, while
 * roles, departments, owners, merges and erasures change. What came back is scanned for the sentinels of customers; nothing of
 * what the product records is looked at.
 */
export async function driveIncidentLoad(open: OpenStorehouse, fetch: Fetch, size: LoadSize, say: (text: string) => void = () => undefined): Promise<Load> {
  const dice = makeDice(11);
  const house = open.storehouse;
  const act = <Result>(event: string, what: (context: Context) => Promise<Result>): Promise<Result> => actAs(house, "system", event, randomUUID(), what);
  const cells = await act("organisation.founded", (context) =>
    foundSampleOrganisation(context, {
      name: "事案商会",
      departments: [
        { key: "head", parent: null, name: "本社" },
        { key: "east", parent: "head", name: "東部" },
        { key: "west", parent: "head", name: "西部" },
      ],
    }),
  );
  const [head, east, west] = (["head", "east", "west"] as const).map((key) => cells.get(key)!);

  const passwordHash = await hashPassword("incident house 2026");
  const addClerk = async (at: number, roles: readonly string[], departmentNo: number): Promise<Clerk> => {
    const values = sentinelValues("account", at);
    const { accountNo } = await act("account.added", (context) =>
      addActiveAccount(context, {
        name: values["staffName"]!,
        mail: values["staffMail"]!,
        passwordHash,
        totpSecret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        departmentNo,
        roles,
      }),
    );
    return {
      accountNo,
      deviceId: `device${String(at).padStart(6, "0")}`,
      address: `127.0.${at % 3}.${at + 10}`,
      cookie: "",
      sessionId: "",
      roles,
      departmentNo,
    };
  };
  const clerks: Clerk[] = [];
  for (const [roles, department] of [
    [["sales"], east!],
    [["sales"], east!],
    [["sales"], west!],
    [["office"], east!],
    [["office"], west!],
    [["manager"], east!],
    [["manager"], head!],
    [["sales", "office"], west!],
  ] as const) {
    clerks.push(await addClerk(clerks.length, roles, department.departmentNo));
  }
  const officer = await addClerk(30, ["privacy-officer"], head!.departmentNo);
  const administrator = await addClerk(31, ["system-administrator"], head!.departmentNo);

  const now = (): number => house.clock().getTime();
  const receipts: Receipt[] = [];
  let deliveries = 0;
  let scanner: Scanner | undefined;
  const foundIn = (bytes: Buffer): number[] => [
    ...new Set((scanner?.scan(bytes) ?? []).flatMap(({ sentinel }) => (sentinel.kind === "customer" ? [sentinel.index] : []))),
  ];
  const ask = async (
    clerk: Clerk,
    method: string,
    url: string,
    body?: unknown,
    more: { listNo?: number; importNo?: number; headers?: Record<string, string>; unpack?: (bytes: Buffer) => Promise<Buffer> } = {},
  ): Promise<{ status: number; bytes: Buffer; body: Record<string, unknown> }> => {
    const at = now();
    const { roles, departmentNo, sessionId } = clerk;
    const reply = await fetch({
      method,
      url,
      address: clerk.address,
      cookie: `${clerk.cookie}; kuraban-device=${clerk.deviceId}`,
      ...(body === undefined ? {} : { body }),
      ...(more.headers === undefined ? {} : { headers: more.headers }),
    });
    const bytes = more.unpack === undefined || reply.status !== 200 ? reply.bytes : await more.unpack(reply.bytes);
    const found = foundIn(bytes);
    deliveries += found.length;
    if (found.length > 0) {
      receipts.push({
        at,
        accountNo: clerk.accountNo,
        sessionId,
        deviceId: clerk.deviceId,
        address: clerk.address,
        roles,
        departmentNo,
        listNo: more.listNo ?? null,
        importNo: more.importNo ?? null,
        found,
      });
    }
    let parsed: Record<string, unknown> = {};
    try {
      parsed = JSON.parse(reply.bytes.toString("utf8")) as Record<string, unknown>;
    } catch {
      // A file is scanned as it is.
    }
    return { status: reply.status, bytes, body: parsed };
  };
  const signIn = async (clerk: Clerk): Promise<void> => {
    const token = await act("session.started", (context) => startSession(context, { accountNo: clerk.accountNo, address: clerk.address, device: "test" }));
    clerk.cookie = `kuraban-session=${token}`;
    const { body } = await ask(clerk, "GET", "/api/sessions");
    clerk.sessionId = (body["sessions"] as { sessionId: string; isCurrent: boolean }[]).find((one) => one.isCurrent)?.sessionId ?? "";
  };

  say("writing customers");
  const written: number[] = [];
  const numberOf = new Map<number, number>();
  const places = Array.from({ length: size.customers }, (_, index) => {
    const cell = [east!, west!, east!, head!][index % 4]!;
    const owners = clerks.filter((clerk) => clerk.departmentNo === cell.departmentNo);
    return { cellNo: cell.cellNo, ownerNo: index % 3 === 0 || owners.length === 0 ? null : owners[index % owners.length]!.accountNo };
  });
  for (let from = 0; from < places.length; from += 1_000) {
    await act("customer.created", async (context) => {
      const part = places.slice(from, from + 1_000);
      const { numbers } = await insertCustomers(
        context,
        part.map((place, at) => ({ ...place, companyNo: null, values: sentinelValues("customer", from + at) })),
        { indexed: true },
      );
      numbers.forEach((no, at) => {
        numberOf.set(from + at, no);
        written.push(no);
      });
    });
  }
  // The rows of files that come in during the load.
  const rowsOfFile = Math.max(6, Math.floor(size.customers / 50));
  const incoming = [size.customers, size.customers + rowsOfFile].map((from) => Array.from({ length: rowsOfFile }, (_, at) => from + at));
  const sentinels = Array.from({ length: size.customers + 2 * rowsOfFile }, (_, index) =>
    sentinelsOf("customer", index).filter(({ field }) => scanned.includes(field)),
  );
  scanner = buildScanner(sentinels.flat(), fold);
  for (const clerk of [...clerks, officer, administrator]) await signIn(clerk);

  const merged = new Map<number, number>();
  const erased = new Set<number>();
  const lists: number[] = [];
  const imports: { importNo: number; indexes: readonly number[] }[] = [];
  const moments: Date[] = [];
  const writtenBy: ReadonlySet<number>[] = [];
  const mark = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 4));
    moments.push(new Date(now()));
    writtenBy.push(new Set(written.filter((no) => !erased.has(no))));
    await new Promise((resolve) => setTimeout(resolve, 4));
  };
  const kept = (no: number): number => (merged.has(no) ? kept(merged.get(no)!) : no);
  const anyNumber = (): number => written[dice(written.length)]!;
  const demand = (what: string, reply: { status: number; body: Record<string, unknown> }): void => {
    if (reply.status !== 200) throw new Error(`${what}: ${reply.status} ${String(reply.body["code"])} ${JSON.stringify(reply.body["facts"])}`);
  };

  const views = new Map<Clerk, { viewId: string; total: number }>();
  const openView = async (clerk: Clerk, search = ""): Promise<void> => {
    const { body } = await ask(clerk, "POST", "/api/customers/views", { search, columns, first: search === "" ? pageSize : 10 });
    if (search === "" && typeof body["viewId"] === "string") views.set(clerk, { viewId: body["viewId"], total: body["total"] as number });
  };
  const look = async (clerk: Clerk): Promise<void> => {
    const draw = dice(100);
    const view = views.get(clerk);
    if (view === undefined) return openView(clerk);
    if (draw < 55 && view.total > 0) {
      const { status } = await ask(
        clerk,
        "GET",
        `/api/customers/views/${view.viewId}/rows?offset=${dice(Math.max(1, view.total - pageSize))}&limit=${pageSize}`,
      );
      if (status !== 200) views.delete(clerk);
    } else if (draw < 58) await openView(clerk);
    else if (draw < 72) await openView(clerk, sentinelValues("customer", dice(size.customers))[["fullName", "mobile", "kana"][dice(3)]!]!);
    else if (draw < 92) await ask(clerk, "GET", `/api/customers/${anyNumber()}`);
    else await ask(clerk, "POST", `/api/customers/${anyNumber()}/reveal`, { fields: ["mobile", "address", "bankAccount"], purpose: "inquiry" });
  };

  const takeOut = async (clerk: Clerk): Promise<void> => {
    const { body: view } = await ask(clerk, "POST", "/api/customers/views", { search: "", columns, first: 100 });
    const seen = ((view["rows"] as { customerNo: number }[] | undefined) ?? []).map((row) => row.customerNo);
    const customerNos = Array.from({ length: Math.min(8, seen.length) }, () => seen[dice(seen.length)]!);
    const made = await ask(clerk, "POST", "/api/lists", {
      name: "ご案内",
      purpose: "delivery",
      reason: "季節の案内",
      fields: ["fullName", "address", "mobile"],
      customerNos: [...new Set(customerNos)],
      endsOn: new Date(now() + 86_400_000 * 2).toISOString().slice(0, 10),
    });
    if (made.status !== 200 || made.body["kind"] !== "ready") return;
    const listNo = made.body["listNo"] as number;
    const { body: opened } = await ask(clerk, "POST", `/api/lists/${listNo}/password`, {}, { listNo });
    const file = await ask(
      clerk,
      "POST",
      `/api/lists/${listNo}/download`,
      {},
      {
        listNo,
        unpack: async (bytes) => {
          const begins = bytes.indexOf(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]));
          return begins < 0 ? bytes : Buffer.from(JSON.stringify([...(await readWorkbook(bytes.subarray(begins), String(opened["password"])))]));
        },
      },
    );
    if (file.status === 200) lists.push(listNo);
  };

  const takeIn = async (clerk: Clerk, indexes: readonly number[]): Promise<void> => {
    const header = "氏名,カナ,携帯,メール,会員番号";
    const rows = indexes.map((index) => {
      const values = sentinelValues("customer", index);
      return [values["fullName"], values["kana"], values["mobile"], values["mail"], values["memberNumber"]].join(",");
    });
    const uploaded = await ask(clerk, "POST", "/api/imports?kind=customers", Buffer.from(`${[header, ...rows].join("\r\n")}\r\n`), {
      headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("名簿.csv") },
    });
    demand("upload", uploaded);
    const importNo = uploaded.body["importNo"] as number;
    const tasks = startJobs({ pool: open.pools.app, tasks: importRunTasks(house), concurrency: 1, pollMs: 50 });
    try {
      const preview = await ask(clerk, "GET", `/api/imports/${importNo}/preview`, undefined, { importNo });
      demand("preview", preview);
      demand("start", await ask(clerk, "POST", `/api/imports/${importNo}/start`, preview.body["mapping"], { importNo }));
      for (;;) {
        const { body } = await ask(clerk, "GET", `/api/imports/${importNo}`, undefined, { importNo });
        if (body["state"] === "done") break;
        if (body["state"] === "failed") throw new Error(`the import failed: ${String(body["failure"])}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      await tasks.stop();
    }
    // Somebody else looks each of them up: what number was made of which row is told by the bytes that came back.
    for (const index of indexes) {
      const { body } = await ask(clerks[6]!, "POST", "/api/customers/views", { search: sentinelValues("customer", index)["mobile"], columns, first: 1 });
      const no = (body["rows"] as { customerNo: number }[] | undefined)?.[0]?.customerNo;
      if (no === undefined) throw new Error("a row that was imported is not found");
      numberOf.set(index, no);
      written.push(no);
    }
    imports.push({ importNo, indexes });
  };

  const setRoles = async (clerk: Clerk, roles: readonly string[], departmentNo = clerk.departmentNo): Promise<void> => {
    const [url, body] =
      departmentNo === clerk.departmentNo
        ? [`/api/accounts/${clerk.accountNo}/roles`, { roles }]
        : [`/api/accounts/${clerk.accountNo}/department`, { departmentNo }];
    const asked = await ask(administrator, "PUT", url, body);
    demand(url, asked);
    if (asked.body["consentNo"] !== undefined && asked.body["consentNo"] !== null) {
      demand("consent", await ask(officer, "POST", `/api/consents/${String(asked.body["consentNo"])}/decide`, { decision: "grant" }));
    }
    clerk.roles = roles;
    clerk.departmentNo = departmentNo;
    views.delete(clerk);
  };
  const versionOf = async (clerk: Clerk, no: number): Promise<number> => (await ask(clerk, "GET", `/api/customers/${no}`)).body["version"] as number;
  const reassign = async (manager: Clerk): Promise<void> => {
    const no = kept(anyNumber());
    const version = await versionOf(manager, no);
    if (version !== undefined) await ask(manager, "PATCH", `/api/customers/${no}`, { version, ownerNo: clerks[dice(clerks.length)]!.accountNo });
  };
  const merge = async (manager: Clerk): Promise<void> => {
    const [winner, loser] = [kept(anyNumber()), kept(anyNumber())];
    if (winner === loser) return;
    const [a, b] = [await versionOf(manager, winner), await versionOf(manager, loser)];
    if (a === undefined || b === undefined) return;
    const { status } = await ask(manager, "POST", "/api/duplicates/merge", {
      kind: "customer",
      winner: { no: winner, version: a },
      losers: [{ no: loser, version: b }],
      choices: {},
    });
    if (status === 200) merged.set(loser, winner);
  };
  const erase = async (): Promise<void> => {
    const no = kept(anyNumber());
    if (erased.has(no)) return;
    await eraseCustomer(open, no);
    for (const one of [no, ...[...merged.keys()].filter((loser) => kept(loser) === no)]) erased.add(one);
  };

  const parts = 8;
  await mark();
  for (let part = 0; part < parts; part++) {
    const goal = Math.floor((size.deliveries * (part + 1)) / parts);
    const changesEvery = Math.max(40, Math.floor(size.deliveries / 800));
    for (let step = 1; deliveries < goal; step++) {
      // Each clerk waits for the own reply, not for those of the others.
      const first = dice(clerks.length);
      await Promise.all([0, 2, 5].map((more) => look(clerks[(first + more) % clerks.length]!)));
      if (step % changesEvery === 0) {
        const manager = clerks[5]!;
        await [reassign, merge, reassign, erase][dice(4)]!(manager);
      }
    }
    // What changes at each part of the load, whatever else happens in it.
    await merge(clerks[5]!);
    await reassign(clerks[5]!);
    await erase();
    if (part % 2 === 0) await takeOut(clerks[part % 3]!);
    if (part === 1) await takeIn(clerks[3]!, incoming[0]!);
    if (part === 4) await takeIn(clerks[4]!, incoming[1]!);
    if (part === 2) await setRoles(clerks[0]!, ["office"]);
    if (part === 3) await setRoles(clerks[1]!, clerks[1]!.roles, west!.departmentNo);
    if (part === 5) await setRoles(clerks[0]!, ["sales"]);
    if (part === 3 || part === 6) for (const clerk of clerks) await signIn(clerk);
    await mark();
    say(`${deliveries} deliveries, ${receipts.length} replies with values`);
  }
  return {
    receipts,
    clerks,
    officer,
    departments: { head: head!.departmentNo, east: east!.departmentNo, west: west!.departmentNo },
    lists,
    imports,
    moments,
    numberOf,
    merged: new Map([...merged.keys()].map((no) => [no, kept(no)])),
    erased,
    writtenBy,
    deliveries,
  };
}
