import type { InjectOptions } from "fastify";
import type { Job, Tasks } from "#server/platform/jobs/index.ts";
import { incidentTasks, verifyScope } from "#server/modules/incidents/index.ts";
import type { IncidentStep, SampleCustomer } from "#server/modules/sample/index.ts";
import { causes } from "./modules.ts";
import type { OpenStorehouse } from "./open-storehouse.ts";

export type Call = (staff: string, method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", url: string, body?: object) => Promise<Record<string, unknown>>;

interface House {
  readonly open: OpenStorehouse;
  readonly call: Call;
  /** A call whose body is a file. */
  readonly upload: (
    staff: string,
    url: string,
    payload: InjectOptions["payload"],
    headers: Readonly<Record<string, string>>,
  ) => Promise<Record<string, unknown>>;
  readonly accounts: ReadonlyMap<string, number>;
  readonly customers: readonly SampleCustomer[];
  readonly customerNos: readonly number[];
  /** The list that is the cause, and who stands in it, by ordinal. */
  readonly list: () => { readonly no: number; readonly customers: readonly number[] } | undefined;
}

/** Does the steps of the sample company's incident as its members of staff, over the product's own routes. */
export function createIncidentReplayer(house: House): (at: Date, staff: string, step: IncidentStep) => Promise<void> {
  const { open, call, accounts } = house;
  let path = "";
  let incidentNo = 0;
  let runNo = 0;
  let noticeNo = 0;
  let holdNo = 0;
  const preventions: { no: number; version: number }[] = [];
  const numberOf = (staff: string): number => accounts.get(staff) ?? 0;
  let requestNo = 0;
  /** The clock of the plan stands still meanwhile; jobs that an act left are done at once, as they would be. */
  const work = async (task: string, payload: Job["payload"]): Promise<void> => {
    const tasks: Tasks = incidentTasks(open.storehouse, { causes });
    await tasks[task]?.run({ payload, attempt: 1, signal: new AbortController().signal, remember: async () => true });
  };
  const dayAfter = (at: Date, days: number): string => new Date(at.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  return async (at, staff, step) => {
    switch (step.kind) {
      case "open": {
        const opened = await call(staff, "POST", "/api/incidents", {
          playbook: step.playbook,
          knownAt: new Date(at.getTime() - step.knownHoursAgo * 3_600_000).toISOString(),
          what: step.what,
        });
        incidentNo = Number(opened["incidentNo"] ?? 0);
        path = `/api/incidents/${incidentNo}`;
        break;
      }
      case "team":
        await call(staff, "PUT", `${path}/team`, { role: step.role, accountNos: step.staff.map(numberOf) });
        break;
      case "fact":
        await call(staff, "POST", `${path}/facts`, { key: step.key, certainty: step.certainty, value: step.value, source: step.source });
        break;
      case "note":
        await call(staff, "POST", `${path}/timeline`, { happenedAt: at.toISOString(), text: step.text });
        break;
      case "scope": {
        const list = house.list();
        if (list === undefined) break;
        await open.sequencer.sequenceNow();
        runNo = Number((await call(staff, "POST", `${path}/scope`, { causes: [{ kind: "list", values: [list.no] }] }))["runNo"] ?? 0);
        await open.sequencer.sequenceNow();
        await verifyScope(open.storehouse, runNo, { causes });
        break;
      }
      case "drafts":
        await call(staff, "POST", `${path}/drafts`, { papers: step.papers });
        break;
      case "ask-draft": {
        const { papers } = (await call(staff, "GET", `${path}/drafts`)) as { papers?: { paper: string; latest: { draftNo: number } | null }[] };
        const draftNo = papers?.find(({ paper }) => paper === step.paper)?.latest?.draftNo ?? 0;
        requestNo = Number((await call(staff, "POST", `/api/incident-drafts/${draftNo}/approval`, {}))["requestNo"] ?? 0);
        break;
      }
      case "hand-over": {
        const { papers } = (await call(staff, "GET", `${path}/drafts`)) as { papers?: { paper: string; approved: { draftNo: number } | null }[] };
        const draftNo = papers?.find(({ paper }) => paper === step.paper)?.approved?.draftNo ?? 0;
        await call(staff, "POST", `/api/incident-drafts/${draftNo}/handings`, { handedAt: at.toISOString(), way: step.way, receipt: step.receipt });
        break;
      }
      case "approve":
        await call(staff, "POST", `/api/approvals/${requestNo}/decide`, { decision: "approve" });
        break;
      case "bring-evidence": {
        const brought = await house.upload(staff, `${path}/evidence/brought`, Buffer.from(step.text, "utf8"), {
          "x-file-name": encodeURIComponent(step.fileName),
        });
        await call(staff, "POST", `/api/incident-evidence/${Number(brought["itemNo"] ?? 0)}/describe`, {
          source: step.source,
          finder: step.finder,
          foundAt: at.toISOString(),
        });
        break;
      }
      case "snapshot":
        await call(staff, "POST", `${path}/evidence/snapshots`, {});
        break;
      case "hold":
        holdNo = Number((await call(staff, "POST", `${path}/evidence/holds`, { runNo, reason: step.reason }))["holdNo"] ?? 0);
        break;
      case "lift-hold":
        requestNo = Number((await call(staff, "POST", `/api/incident-evidence-holds/${holdNo}/lift`, { reason: step.reason }))["requestNo"] ?? 0);
        break;
      case "open-desk":
        await call(staff, "POST", `${path}/desk`, {
          ...{ name: step.name, phone: step.phone, mail: "", hours: step.hours, page: "" },
          accountNos: [numberOf(step.staff)],
          until: new Date(at.getTime() + step.days * 86_400_000).toISOString(),
        });
        break;
      case "call":
        await takeCall(staff, step);
        break;
      case "plan-notice":
        noticeNo = Number((await call(staff, "POST", `${path}/notices`, {}))["noticeNo"] ?? 0);
        await work("incidents.plan-notice", { noticeNo });
        break;
      case "withdraw-notice":
        await call(staff, "POST", `/api/incident-notices/${noticeNo}/withdraw`, {});
        break;
      case "prevention": {
        const given = { what: step.what, ownerNo: numberOf(step.owner), dueOn: dayAfter(at, step.dueInDays) };
        preventions.push({ no: Number((await call(staff, "POST", `${path}/preventions`, given))["preventionNo"] ?? 0), version: 1 });
        break;
      }
      case "carry-out": {
        const { no = 0, version = 1 } = preventions[step.prevention] ?? {};
        const done = await call(staff, "POST", `/api/preventions/${no}/carried-out`, { version, note: step.note });
        preventions[step.prevention] = { no, version: Number(done["version"] ?? version) };
        break;
      }
      case "prove": {
        const { no = 0, version = 1 } = preventions[step.prevention] ?? {};
        await call(staff, "POST", `${path}/preventions/${no}/prove`, { version, how: step.how, evidence: step.evidence });
        break;
      }
      case "redress":
        await call(staff, "POST", `${path}/redress`, {
          kind: step.what,
          amount: step.amount,
          note: step.note,
          ...(step.forPeople ? { tiers: ["confirmed"] } : { state: "settled", onDay: dayAfter(at, 0) }),
        });
        break;
      case "redress-moved":
        await call(staff, "PATCH", `${path}/redress`, { allOf: { kind: step.what, state: step.from }, state: step.to, onDay: dayAfter(at, 0) });
        break;
      case "lesson":
        await call(staff, "POST", `${path}/lessons`, { kind: "lesson", text: step.text });
        break;
      case "tasks-done": {
        const { tasks = [] } = (await call(staff, "GET", path)) as { tasks?: { taskNo: number; phase: number; state: string; version: number }[] };
        for (const task of tasks.filter((one) => one.state === "open" && one.phase <= step.upToPhase)) {
          await call(staff, "PATCH", `${path}/tasks/${task.taskNo}`, { version: task.version, state: "done" });
        }
        break;
      }
      case "phase": {
        const { incident } = (await call(staff, "GET", path)) as { incident?: { version: number } };
        await call(staff, "PATCH", path, { version: incident?.version ?? 1, phase: step.phase });
        break;
      }
    }
  };

  async function takeCall(staff: string, { caller, note, harm }: Extract<IncidentStep, { kind: "call" }>): Promise<void> {
    const begun = await call(staff, "POST", `/api/incident-desks/${incidentNo}/cases`, { channel: "call", caller: "self" });
    const casePath = `/api/incident-desk-cases/${Number(begun["caseNo"] ?? 0)}`;
    const values = caller === "stranger" ? undefined : house.customers[house.list()?.customers[caller] ?? -1]?.values;
    const stated = [
      { kind: "name", value: values?.fullName ?? "遠野 さくら" },
      { kind: "mail", value: values?.mail ?? "sakura@example.com" },
    ];
    await call(staff, "POST", `${casePath}/check`, { stated });
    await call(
      staff,
      "POST",
      `${casePath}/entries`,
      harm === null ? { kind: "note", text: note } : { kind: "harm", text: note, harmKind: harm, harmOn: null, harmAmount: "none" },
    );
    await call(staff, "POST", `${casePath}/entries`, { kind: "closed" });
  }
}
