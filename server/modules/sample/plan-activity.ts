import type { NoteKind } from "#shared/activities.ts";
import type { Purpose } from "#shared/rights.ts";
import type { SampleCustomer } from "./generate-customers.ts";
import type { IncidentAct } from "./plan-incident.ts";
import type { RequestAct } from "./plan-requests.ts";
import { makeRandom, type Random } from "./make-random.ts";
import { assignCustomer, sampleDepartments, sampleStaff, type SampleDepartmentKey, type SampleStaff } from "./sample-company.ts";

/** Something a member of staff does; customers are named by ordinal. The demo replays it through the real use cases. */
export type Act =
  | { readonly kind: "sign-in" }
  | { readonly kind: "sign-out" }
  /** A list without a search. */
  | { readonly kind: "browse"; readonly pages: number }
  | { readonly kind: "search"; readonly typed: string }
  | { readonly kind: "view"; readonly customer: number }
  /** Another department's customer, by a link: is refused as not found. */
  | { readonly kind: "view-foreign"; readonly customer: number }
  | { readonly kind: "reveal"; readonly customer: number; readonly fields: readonly string[]; readonly purpose: Purpose }
  | { readonly kind: "edit"; readonly customer: number; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: "history"; readonly customer: number }
  | { readonly kind: "trash-and-restore"; readonly customer: number }
  | { readonly kind: "acknowledge-notice" }
  | { readonly kind: "read-ledger" }
  | { readonly kind: "exposures"; readonly customer: number }
  | { readonly kind: "verify-ledger" }
  | RequestAct
  | IncidentAct
  /** A contact note with perhaps a next action (plan-notes.ts), and the ticking off of that one. */
  | {
      readonly kind: "note";
      readonly id: number;
      readonly customer: number;
      readonly note: NoteKind;
      readonly text: string;
      readonly next: { readonly text: string; readonly dueOn: string } | null;
    }
  | { readonly kind: "note-done"; readonly id: number }
  /** A note about a company, by its ordinal. */
  | { readonly kind: "company-note"; readonly company: number; readonly note: NoteKind; readonly text: string }
  /** A list kept for later (plan-views.ts). */
  | {
      readonly kind: "keep-view";
      readonly name: string;
      readonly sharing: "own" | "all";
      readonly filters: { readonly ownerNo?: null; readonly updatedWithin?: number };
      readonly sort: { readonly by: "updatedAt"; readonly descending: boolean };
    }
  | { readonly kind: "star"; readonly customers: readonly number[] }
  /** A list to take out (plan-lists.ts): made, and drawn so many times if it needs no approval. */
  | {
      readonly kind: "take-out";
      readonly name: string;
      readonly customers: readonly number[];
      readonly fields: readonly string[];
      readonly purpose: Purpose;
      readonly reason: string;
      /** Who receives it, where it leaves the company. */
      readonly handler?: string;
      readonly days: number;
      readonly downloads: number;
    };

export interface PlannedAct {
  readonly at: Date;
  /** Key of a member of staff. */
  readonly staff: string;
  readonly act: Act;
}

const hour = 3_600_000;
const day = 24 * hour;
/** Asia/Tokyo is nine hours ahead, all year. */
const tokyo = 9 * hour;

/** The last `count` working days (Monday to Friday) before the day of `until` in Tokyo, oldest first, as 00:00 in Tokyo. */
export function workingDays(until: Date, count: number): readonly number[] {
  const days: number[] = [];
  let at = Math.floor((until.getTime() + tokyo) / day) * day - tokyo;
  while (days.length < count) {
    at -= day;
    const weekday = new Date(at + tokyo).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.push(at);
  }
  return days.reverse();
}

const parentOf = new Map<string, string | null>(sampleDepartments.map((department) => [department.key, department.parent]));
function isWithin(inner: SampleDepartmentKey, outer: SampleDepartmentKey): boolean {
  for (let at: string | null = inner; at !== null; at = parentOf.get(at) ?? null) if (at === outer) return true;
  return false;
}

interface Reach {
  readonly own: readonly SampleCustomer[];
  readonly department: readonly SampleCustomer[];
  readonly foreign: readonly SampleCustomer[];
}

/**
 * Two weeks of work by the 25 members of staff of the sample company, as each role may: sellers look up, reveal and edit
 * their customers, the office keeps records in order, the officer and the auditor read the ledger, somebody follows a link
 * that is not for them. Sorted by time; the same for the same seed, customers and `until`. About 2,700 acts.
 */
export function planActivity(given: { seed: number; until: Date; customers: readonly SampleCustomer[]; days?: number }): readonly PlannedAct[] {
  const planned: PlannedAct[] = [];
  const assigned = given.customers.map((customer) => ({ customer, ...assignCustomer(customer) }));
  const reaches = new Map<string, Reach>(
    sampleStaff.map((one) => [
      one.key,
      {
        own: assigned.filter((row) => row.owner === one.key).map((row) => row.customer),
        department: assigned.filter((row) => row.owner !== one.key && isWithin(row.department, one.department)).map((row) => row.customer),
        foreign: assigned.filter((row) => row.owner !== one.key && !isWithin(row.department, one.department)).map((row) => row.customer),
      },
    ]),
  );
  workingDays(given.until, given.days ?? 10).forEach((midnight, dayNo) => {
    sampleStaff.forEach((one, staffNo) => {
      const random = makeRandom(given.seed, 5, dayNo, staffNo);
      if (random.chance(0.06)) return;
      const reach = reaches.get(one.key)!;
      const acts: Act[] = [{ kind: "sign-in" }, ...daysWork(one, reach, random), { kind: "sign-out" }];
      let at = midnight + 8.5 * hour + random.below(hour);
      // Between 08:30 and 18:30; the last act never leaves the day.
      const pace = (9 * hour) / acts.length;
      for (const act of acts) {
        planned.push({ at: new Date(at), staff: one.key, act });
        at += 20_000 + random.below(Math.floor(pace - 20_000));
      }
    });
  });
  return planned.sort((a, b) => a.at.getTime() - b.at.getTime() || (a.staff < b.staff ? -1 : a.staff > b.staff ? 1 : 0));
}

function daysWork(one: SampleStaff, reach: Reach, random: Random): Act[] {
  switch (one.roles[0]) {
    case "sales":
      return Array.from({ length: 5 + random.below(5) }, () => sellersMatter(reach, random)).flat();
    case "office":
      return Array.from({ length: 6 + random.below(6) }, () => officesMatter(reach, random)).flat();
    case "manager":
      return [{ kind: "browse", pages: 1 + random.below(2) }, ...Array.from({ length: 1 + random.below(3) }, () => lookUp(reach.department, random)).flat()];
    case "privacy-officer":
      return [{ kind: "read-ledger" }, ...(random.chance(0.4) ? exposuresOf(reach.department.length > 0 ? reach.department : reach.foreign, random) : [])];
    case "auditor":
      return [{ kind: "verify-ledger" }, ...(random.chance(0.3) ? [{ kind: "read-ledger" } as const] : [])];
    default:
      return [];
  }
}

function typedFor(customer: SampleCustomer, random: Random): string {
  const { fullName, kana, companyName, mail, mobile, phone } = customer.values;
  const [family = fullName] = fullName.split("　");
  const [familyKana = kana] = kana.split("　");
  const ways = [
    family,
    family,
    familyKana,
    fullName.replace("　", ""),
    companyName?.replace(/株式会社|有限会社|合同会社|㈱|㈲|\(.\)|（.）/g, "") ?? family,
    (mobile ?? phone)?.slice(-4) ?? family,
    mail?.split("@")[0] ?? familyKana,
  ];
  return random.pick(ways);
}

function lookUp(among: readonly SampleCustomer[], random: Random): Act[] {
  if (among.length === 0) return [];
  const customer = random.pick(among);
  return [
    { kind: "search", typed: typedFor(customer, random) },
    { kind: "view", customer: customer.ordinal },
  ];
}

function exposuresOf(among: readonly SampleCustomer[], random: Random): Act[] {
  return among.length === 0 ? [] : [{ kind: "exposures", customer: random.pick(among).ordinal }];
}

const remarks = [
  "見積を送付。返事は来週。",
  "訪問済み。次回は担当部長も同席。",
  "納期の相談あり。工場に確認する。",
  "カタログを郵送。",
  "請求先の変更を確認済み。",
  "保守契約の更新を案内。",
] as const;

function sellersMatter(reach: Reach, random: Random): Act[] {
  const kind = random.below(20);
  if (kind < 10) {
    const acts = lookUp(reach.own, random);
    const seen = acts.at(-1);
    if (seen?.kind === "view" && random.chance(0.35)) acts.push({ kind: "edit", customer: seen.customer, values: { notes: random.pick(remarks) } });
    return acts;
  }
  if (kind < 15) {
    const acts = lookUp(reach.department, random);
    const seen = acts.at(-1);
    if (seen?.kind === "view" && random.chance(0.5)) {
      acts.push({
        kind: "reveal",
        customer: seen.customer,
        fields: [random.pick(["phone", "mobile", "mail"])],
        purpose: random.pick(["inquiry", "sales", "delivery"]),
      });
    }
    return acts;
  }
  if (kind < 18) return [{ kind: "browse", pages: 1 + random.below(3) }];
  if (kind === 18 && reach.foreign.length > 0) return [{ kind: "view-foreign", customer: random.pick(reach.foreign).ordinal }];
  return [{ kind: "search", typed: random.pick(["山口", "東京", "電機", "カトウ", "見積"]) }];
}

function officesMatter(reach: Reach, random: Random): Act[] {
  const acts = lookUp(reach.department, random);
  const seen = acts.at(-1);
  if (seen?.kind !== "view") return acts;
  if (random.chance(0.3)) acts.push({ kind: "edit", customer: seen.customer, values: { section: random.pick(["購買部", "総務課", "設計課", "施設管理課"]) } });
  if (random.chance(0.1)) acts.push({ kind: "history", customer: seen.customer });
  if (random.chance(0.06)) acts.push({ kind: "reveal", customer: seen.customer, fields: ["bankAccount"], purpose: "contract" });
  if (random.chance(0.02)) acts.push({ kind: "trash-and-restore", customer: seen.customer });
  return acts;
}
