import { exempt, type Cause, type Erasure, type Guard, type Hold, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { EventDeclarations } from "#server/core/ledger/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as accounts from "#server/modules/accounts/index.ts";
import * as activities from "#server/modules/activities/index.ts";
import * as approvals from "#server/modules/approvals/index.ts";
import * as archives from "#server/modules/archives/index.ts";
import * as backup from "#server/modules/backup/index.ts";
import * as customers from "#server/modules/customers/index.ts";
import * as desk from "#server/modules/desk/index.ts";
import * as duplicates from "#server/modules/duplicates/index.ts";
import * as evidence from "#server/modules/evidence/index.ts";
import * as incidents from "#server/modules/incidents/index.ts";
import * as measures from "#server/modules/measures/index.ts";
import * as imports from "#server/modules/imports/index.ts";
import * as lists from "#server/modules/lists/index.ts";
import * as requests from "#server/modules/requests/index.ts";
import * as proofs from "#server/modules/proofs/index.ts";
import * as records from "#server/modules/records/index.ts";
import * as reach from "#server/modules/reach/index.ts";
import * as reviews from "#server/modules/reviews/index.ts";
import * as support from "#server/modules/support/index.ts";
import { houseRoutes } from "./health.ts";
import { events as houseEvents } from "./house/events.ts";
import { version } from "./version.ts";

/** What a module contributes. The centre enumerates modules; everything else is declared in them. */
export interface Module {
  readonly name: string;
  readonly routes: () => Route[];
  readonly events: EventDeclarations;
  /** Synchronous checks at the door before a reply leaves. */
  readonly guards?: readonly Guard[];
  /** What to destroy with a person. */
  readonly erasures?: readonly Erasure[];
  /** How a cause of an incident becomes a question to the ledger. */
  readonly causes?: readonly Cause[];
  /** What it asks a second person for, and what becomes of it. */
  readonly approvals?: readonly approvals.ApprovalKind[];
  /** Background work by the name of its job. Payloads hold numbers only. */
  readonly tasks?: (storehouse: Storehouse, keyFiles: KeyFiles) => Tasks;
  /** Who and what must be kept for now, whatever the term and whoever asks for an erasure. */
  readonly holds?: readonly Hold[];
}

/** Overwrites the key files of all known backups with the keys as they are now. */
export type KeyFiles = () => Promise<{ readonly written: readonly string[]; readonly missed: readonly string[] }>;

/** Every module of the product, lowest first. */
export const modules: readonly Module[] = [
  { name: "house", routes: houseRoutes, events: houseEvents },
  {
    name: "accounts",
    routes: () => accounts.accountRoutes({ countReach: customers.countReach }),
    events: accounts.events,
    tasks: accounts.accountTasks,
    causes: accounts.causes,
  },
  {
    name: "approvals",
    routes: () => approvals.approvalRoutes(approvalKinds()),
    events: approvals.events,
    tasks: (storehouse) => approvals.approvalTasks(storehouse, approvalKinds()),
  },
  {
    name: "measures",
    routes: measures.measureRoutes,
    events: measures.events,
    tasks: measures.measureTasks,
    approvals: [measures.measureApproval],
  },
  {
    name: "customers",
    routes: () =>
      customers.customerRoutes({ onHandOver: activities.moveNextActions, alikeNumbers: duplicates.alikeNumbers, takenOtherwise: lists.listedFreely }),
    events: customers.events,
    tasks: (storehouse) => customers.customerTasks(storehouse, { onHandOver: activities.moveNextActions }),
    approvals: [customers.bulkTrash, customers.printApproval],
    erasures: [customers.eraseCustomerRows],
    causes: customers.causes,
  },
  { name: "activities", routes: activities.activityRoutes, events: activities.events, erasures: [activities.eraseActivities] },
  {
    name: "duplicates",
    routes: duplicates.duplicateRoutes,
    events: duplicates.events,
    tasks: duplicates.duplicateTasks,
    erasures: [duplicates.eraseMerged],
  },
  {
    name: "imports",
    routes: imports.importRoutes,
    events: imports.events,
    tasks: imports.importTasks,
    erasures: [imports.eraseImportRows],
    causes: imports.causes,
  },
  {
    name: "lists",
    routes: lists.listRoutes,
    events: lists.events,
    erasures: [lists.eraseListRows],
    causes: lists.causes,
    approvals: [lists.listApproval],
  },
  {
    name: "requests",
    routes: () => requests.requestRoutes({ personsOf: duplicates.everyNumberOf }),
    events: requests.events,
    erasures: [requests.eraseOwnTexts],
    approvals: requests.requestApprovals,
    tasks: (storehouse, keyFiles) =>
      requests.requestTasks(storehouse, { erasures: () => modules.flatMap((module) => module.erasures ?? []), refreshKeyFiles: keyFiles }),
  },
  { name: "proofs", routes: proofs.proofRoutes, events: proofs.events, tasks: proofs.proofTasks, approvals: [proofs.outletConsent, proofs.logTokenNotice] },
  { name: "records", routes: records.recordRoutes, events: records.events, tasks: records.recordTasks },
  {
    name: "archives",
    routes: archives.archiveRoutes,
    events: archives.events,
    tasks: (storehouse) => archives.archiveTasks(storehouse, { catchUp: () => accounts.followRights(storehouse.pool) }),
  },
  {
    name: "reviews",
    routes: reviews.reviewRoutes,
    events: reviews.events,
    tasks: (storehouse) => reviews.reviewTasks(storehouse, { routes: () => modules.flatMap((module) => module.routes()) }),
  },
  { name: "reach", routes: reach.reachRoutes, events: reach.events, tasks: reach.reachTasks },
  {
    name: "incidents",
    routes: () => incidents.incidentRoutes({ causes, acts: [...evidence.acts, ...desk.acts] }).map(whateverIsShut),
    events: incidents.events,
    approvals: [incidents.draftApproval, incidents.noticeApproval, incidents.packApproval],
    tasks: (storehouse) => incidents.incidentTasks(storehouse, { causes }),
    erasures: [incidents.eraseMatched, incidents.eraseRedress, incidents.eraseNotified],
  },
  {
    name: "evidence",
    routes: () => evidence.evidenceRoutes().map(whateverIsShut),
    events: evidence.events,
    approvals: [evidence.holdLiftApproval],
    tasks: evidence.evidenceTasks,
    holds: [evidence.evidenceHold],
  },
  { name: "desk", routes: desk.deskRoutes, events: desk.events, tasks: desk.deskTasks, erasures: [desk.eraseAtDesk] },
  { name: "support", routes: () => support.supportRoutes({ version }), events: support.events },
  { name: "backup", routes: () => [], events: backup.events, causes: backup.causes },
];

/** An incident is worked on while everything else is held or shut, and reported by whoever sees it. */
function whateverIsShut(route: Route): Route {
  return exempt(route, "read-only", "exports-held", ...(route.endpoint.access === "anyone" ? (["stopped"] as const) : []));
}

/** What an incident may come from, as the modules know it. */
export function causes(): readonly Cause[] {
  return modules.flatMap((module) => module.causes ?? []);
}

/** The routes of approvals are the one place that serves what modules above them declare. */
function approvalKinds(): readonly approvals.ApprovalKind[] {
  return modules.flatMap((module) => module.approvals ?? []);
}
