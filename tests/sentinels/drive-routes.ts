import { sentinelValues } from "#server/modules/sample/index.ts";
import type { Route } from "#server/core/door/index.ts";
import type { Caller, Seeded } from "../support/seed-storehouse.ts";
import type { Reply } from "../support/request.ts";
import { bulkDrives } from "./drives/bulk.ts";
import { workingListDrives } from "./drives/working-list.ts";
import { useDrives } from "./drives/uses.ts";
import { activityDrives } from "./drives/activities.ts";
import { approvalDrives } from "./drives/approvals.ts";
import { ledgerDrives } from "./drives/ledger.ts";
import { archiveDrives } from "./drives/archives.ts";
import { ledgerExportDrives } from "./drives/ledger-export.ts";
import { listDrives } from "./drives/lists.ts";
import { entrustedDrives } from "./drives/entrusted.ts";
import { duplicateDrives } from "./drives/duplicates.ts";
import { personRequestDrives } from "./drives/person-requests.ts";
import { importDrives, purchaseUpload } from "./drives/imports.ts";
import { evidenceDrives } from "./drives/evidence.ts";
import { deskDrives } from "./drives/desk.ts";
import { fieldDrives } from "./drives/fields.ts";
import { incidentAfterwardsDrives } from "./drives/incident-afterwards.ts";
import { incidentDraftDrives } from "./drives/incident-drafts.ts";
import { incidentDrives } from "./drives/incidents.ts";
import { incidentScopeDrives } from "./drives/incident-scope.ts";
import { incidentMatchDrives } from "./drives/incident-match.ts";
import { incidentConsignorDrives } from "./drives/incident-consignors.ts";
import { incidentNoticeDrives } from "./drives/incident-notices.ts";
import { measureDrives } from "./drives/measures.ts";
import { monitoringDrives } from "./drives/monitoring.ts";
import { proofDrives } from "./drives/proofs.ts";
import { reachDrives } from "./drives/reach.ts";
import { reviewDrives } from "./drives/reviews.ts";
import { supportDrives } from "./drives/support.ts";

/** What one route is asked, for one caller. `typed` are values that the caller typed in: a reply may echo them. */
export interface Asked {
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Scene {
  readonly house: Seeded;
  readonly caller: Caller;
  /** Own, a colleague's, unowned and another department's customer. */
  readonly own: number;
  readonly colleagues: number;
  readonly unowned: number;
  readonly far: number;
  readonly send: (method: string, asked: Asked) => Promise<Reply>;
}

export type Drive = (scene: Scene) => Promise<readonly Asked[]> | readonly Asked[];

const everyField = [
  "fullName",
  "kana",
  "companyName",
  "section",
  "jobTitle",
  "mail",
  "phone",
  "mobile",
  "fax",
  "postalCode",
  "address",
  "birthDate",
  "gender",
  "notes",
  "memberNumber",
  "bankAccount",
  "considerations",
];

/** Standard and own fields; of a list at most as many as it takes. */
function fieldsOf({ house }: Scene, most?: number): string[] {
  return [...house.ownFields, ...everyField].slice(0, most);
}

function four({ own, colleagues, unowned, far }: Scene): number[] {
  return [own, colleagues, unowned, far];
}

/** The words of searches: of all four customers, by name, kana, mail, phone, last four, address, and parts of them. */
function searches({ house }: Scene, customerNo: number): string[] {
  const values = sentinelValues("customer", house.customerIndex.get(customerNo) as number);
  const of = (key: string): string => values[key] as string;
  const own = sentinelValues("customer", house.customerIndex.get(customerNo) as number, "own");
  return [
    ...house.ownFields.map((key) => own[key] as string),
    of("fullName"),
    of("fullName").slice(0, 2),
    of("kana"),
    of("mail"),
    of("mail").slice(0, 5),
    of("phone"),
    of("mobile").slice(-4),
    of("mobile").slice(3, 9),
    of("address"),
    of("memberNumber"),
    of("companyName"),
  ];
}

/** A file of somebody whom nobody else knows. */
const upload: Asked = {
  url: "/api/imports",
  body: Buffer.from("氏名,携帯,振込口座\r\n取込　太郎,090-0000-9999,普通 7654321\r\n取込　花子,12-34,\r\n"),
  headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("名簿.csv") },
};

async function uploadedImport(scene: Scene): Promise<number> {
  const reply = await scene.send("POST", upload);
  return Number(reply.body["importNo"] ?? 999_999);
}

async function openedView(scene: Scene): Promise<string> {
  const reply = await scene.send("POST", { url: "/api/customers/views", body: { search: searches(scene, scene.own)[0], columns: fieldsOf(scene, 24) } });
  return String(reply.body["viewId"] ?? "00000000-0000-4000-8000-000000000000");
}

/** How each route of the product is driven. A route without an entry fails the test. */
export const drives: Readonly<Record<string, Drive>> = {
  ...evidenceDrives,
  ...duplicateDrives,
  ...entrustedDrives,
  ...incidentAfterwardsDrives,
  ...reachDrives,
  ...workingListDrives,
  ...bulkDrives,
  ...activityDrives,
  ...approvalDrives,
  ...ledgerDrives,
  ...archiveDrives,
  ...ledgerExportDrives,
  ...listDrives,
  ...incidentDraftDrives,
  ...incidentDrives,
  ...incidentMatchDrives,
  ...incidentConsignorDrives,
  ...incidentNoticeDrives,
  ...incidentScopeDrives,
  ...measureDrives,
  ...deskDrives,
  ...fieldDrives,
  ...importDrives,
  ...personRequestDrives,
  ...useDrives,
  ...monitoringDrives,
  ...proofDrives,
  ...reviewDrives,
  ...supportDrives,
  "GET /api/health": () => [{ url: "/api/health" }],
  "GET /api/session": () => [{ url: "/api/session" }],
  "GET /api/session/viewed-today": () => [{ url: "/api/session/viewed-today" }],
  "GET /api/sessions": () => [{ url: "/api/sessions" }],
  "DELETE /api/sessions/:sessionId": () => [{ url: "/api/sessions/00000000-0000-4000-8000-000000000000" }],
  "POST /api/session/password": ({ house, caller }) => [
    {
      url: "/api/session/password",
      body: { mail: sentinelValues("account", house.accountIndex.get(caller.accountNo) as number)["staffMail"], password: "wrong password here" },
    },
  ],
  "POST /api/session/code": () => [{ url: "/api/session/code", body: { code: "000000" } }],
  "POST /api/session/change-password": () => [{ url: "/api/session/change-password", body: { current: "not this one", next: "neither is this one" } }],
  "POST /api/invitations/open": () => [{ url: "/api/invitations/open", body: { token: "x".repeat(43) } }],
  "POST /api/invitations/enrol": () => [{ url: "/api/invitations/enrol", body: { token: "x".repeat(43), password: "some long password 9" } }],
  "POST /api/invitations/finish": () => [{ url: "/api/invitations/finish", body: { token: "x".repeat(43), code: "123456" } }],
  "POST /api/setup": () => [
    {
      url: "/api/setup",
      body: { token: "x".repeat(43), organisation: "x", administrator: { name: "x", mail: "x@example.jp" }, officer: { name: "y", mail: "y@example.jp" } },
    },
  ],
  "GET /api/accounts": () => [{ url: "/api/accounts" }],
  "GET /api/staff": () => [{ url: "/api/staff" }],
  "POST /api/accounts": ({ caller }) => [
    { url: "/api/accounts", body: { name: "新人", mail: `new-${caller.index}@example.jp`, departmentNo: null, roles: ["sales"] } },
  ],
  "POST /api/accounts/:accountNo/disable": () => [{ url: "/api/accounts/999999/disable" }],
  "POST /api/accounts/:accountNo/enable": () => [{ url: "/api/accounts/999999/enable" }],
  "POST /api/accounts/:accountNo/reset-factor": () => [{ url: "/api/accounts/999999/reset-factor" }],
  "PUT /api/accounts/:accountNo/roles": ({ caller }) => [
    { url: `/api/accounts/${caller.accountNo}/roles`, body: { roles: ["privacy-officer", "sales", "office"] } },
  ],
  "PUT /api/accounts/:accountNo/department": () => [{ url: "/api/accounts/999999/department", body: { departmentNo: null } }],
  "GET /api/accounts/:accountNo/sessions": ({ caller }) => [{ url: `/api/accounts/${caller.accountNo}/sessions` }],
  "DELETE /api/accounts/:accountNo/sessions": () => [{ url: "/api/accounts/999999/sessions" }],
  "GET /api/departments": () => [{ url: "/api/departments" }],
  "POST /api/departments": ({ caller }) => [{ url: "/api/departments", body: { name: `課${caller.index}`, parentNo: null } }],
  "PATCH /api/departments/:departmentNo": () => [{ url: "/api/departments/999999", body: { name: "改" } }],
  "GET /api/roles": () => [{ url: "/api/roles" }],
  "PUT /api/roles/:key": () => [{ url: "/api/roles/sales", body: { key: "sales" } }],
  "POST /api/roles/:key/preview": () => [
    { url: "/api/roles/none-such/preview", body: { key: "none-such", labelJa: "無", labelEn: "none", grants: [], verbs: [], purposes: [] } },
  ],
  "GET /api/consents": () => [{ url: "/api/consents" }],
  "POST /api/consents/:consentNo/decide": () => [{ url: "/api/consents/999999/decide", body: { decision: "refuse" } }],
  "GET /api/fields": () => [{ url: "/api/fields" }],
  "PUT /api/fields/:kind/:key/class": () => [{ url: "/api/fields/customer/none-such/class", body: { class: "internal" } }],
  "POST /api/customers/views": (scene) => [
    { url: "/api/customers/views", body: { columns: everyField } },
    { url: "/api/customers/views", body: { sort: { by: "kana", descending: false } } },
    { url: "/api/customers/views", body: { sort: { by: "companyName", descending: true }, filters: { companyNo: 1 } } },
    { url: "/api/customers/views", body: { sort: { by: "updatedAt", descending: true }, filters: { state: "trashed" } } },
    ...(scene.caller.roles.length > 1 ? [scene.colleagues, scene.far] : four(scene)).flatMap((customerNo) =>
      searches(scene, customerNo).map((search) => ({ url: "/api/customers/views", body: { search, columns: fieldsOf(scene, 24) } })),
    ),
  ],
  "GET /api/customers/views/:viewId": async (scene) => [{ url: `/api/customers/views/${await openedView(scene)}` }],
  "GET /api/customers/views/:viewId/rows": async (scene) => {
    const viewId = await openedView(scene);
    return [{ url: `/api/customers/views/${viewId}/rows?offset=0&limit=50` }, { url: `/api/customers/views/${viewId}/rows?offset=50&limit=50` }];
  },
  "GET /api/customers/:customerNo": (scene) => four(scene).map((no) => ({ url: `/api/customers/${no}` })),
  "POST /api/customers/:customerNo/reveal": (scene) =>
    four(scene).flatMap((no) => ["inquiry", "audit"].map((purpose) => ({ url: `/api/customers/${no}/reveal`, body: { fields: fieldsOf(scene), purpose } }))),
  "POST /api/customers": ({ house }) => [{ url: "/api/customers", body: { values: { fullName: "新 顧客" }, cellNo: house.cells.get("near")?.cellNo } }],
  "PATCH /api/customers/:customerNo": (scene) =>
    four(scene).map((no) => ({ url: `/api/customers/${no}`, body: { version: 1, values: { section: "改めた部署" } } })),
  "POST /api/customers/:customerNo/trash": (scene) => four(scene).map((no) => ({ url: `/api/customers/${no}/trash`, body: { version: 99 } })),
  "POST /api/customers/:customerNo/restore": (scene) => four(scene).map((no) => ({ url: `/api/customers/${no}/restore` })),
  "GET /api/customers/:customerNo/history": (scene) => four(scene).map((no) => ({ url: `/api/customers/${no}/history` })),
  "GET /api/customers/:customerNo/exposures": (scene) => four(scene).map((no) => ({ url: `/api/customers/${no}/exposures` })),
  "POST /api/companies/views": ({ house }) => [
    { url: "/api/companies/views", body: {} },
    { url: "/api/companies/views", body: { search: sentinelValues("company", 0)["companyName"] } },
    { url: "/api/companies/views", body: { search: String(sentinelValues("company", house.companyIndex.size - 1)["address"]).slice(0, 12) } },
  ],
  "GET /api/companies/:companyNo": ({ house }) => [...house.companyIndex.keys()].map((no) => ({ url: `/api/companies/${no}` })),
  "GET /api/ledger/checkpoint": () => [{ url: "/api/ledger/checkpoint" }],
  "POST /api/ledger/verify": () => [{ url: "/api/ledger/verify" }],
  "GET /api/imports": () => [{ url: "/api/imports" }],
  "POST /api/imports": () => [upload, { ...upload, body: Buffer.from("PK") }, purchaseUpload],
  "GET /api/imports/:importNo": async (scene) => [{ url: `/api/imports/${await uploadedImport(scene)}` }, { url: "/api/imports/1" }],
  "GET /api/imports/:importNo/preview": async (scene) => [{ url: `/api/imports/${await uploadedImport(scene)}/preview` }, { url: "/api/imports/1/preview" }],
  "POST /api/imports/:importNo/start": async (scene) => [
    {
      url: `/api/imports/${await uploadedImport(scene)}/start`,
      body: {
        sheet: 0,
        headerRow: 1,
        columns: [
          { column: 0, field: "fullName" },
          { column: 1, field: "mobile" },
        ],
        duplicates: "skip",
        cellNo: scene.house.cells.get("near")?.cellNo,
      },
    },
  ],
  "GET /api/imports/:importNo/problems": () => [{ url: "/api/imports/1/problems" }],
  "POST /api/imports/:importNo/problems/:problemNo/correct": () => [
    { url: "/api/imports/1/problems/1/correct", body: { value: "x" } },
    { url: "/api/imports/1/problems/1/correct", body: { customerNo: 1 } },
  ],
  "POST /api/imports/:importNo/undo": () => [{ url: "/api/imports/1/undo" }],
  "DELETE /api/session": () => [{ url: "/api/session" }],
};

/** Whom a caller meets: the caller's own customer, a colleague's, nobody's, and one of another department. */
export function sceneFor(house: Seeded, caller: Caller, send: Scene["send"]): Scene {
  const places = house.customerNos;
  const near = house.cells.get("near")?.cellNo;
  const own = places.find((no) => house.ownerOf.get(no) === caller.accountNo) as number;
  return {
    house,
    caller,
    own,
    colleagues: places.find((no) => house.ownerOf.get(no) !== null && no !== own) as number,
    unowned: places.find((no) => house.ownerOf.get(no) === null && house.cellOf.get(no) === near) as number,
    far: places.find((no) => house.cellOf.get(no) !== near) as number,
    send,
  };
}

/** Drives every route as one caller, the end of the session last. */
export async function driveAll(house: Seeded, routes: readonly Route[], caller: Caller, send: Scene["send"]): Promise<void> {
  const scene = sceneFor(house, caller, send);
  for (const { endpoint } of routes) {
    const name = `${endpoint.method} ${endpoint.path}`;
    if (name === "DELETE /api/session") {
      continue;
    }
    for (const asked of (await drives[name]?.(scene)) ?? []) {
      await send(endpoint.method, asked);
    }
  }
  await send("DELETE", { url: "/api/session" });
}
