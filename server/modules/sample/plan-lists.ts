import type { SampleCustomer } from "./generate-customers.ts";
import type { PlannedAct } from "./plan-activity.ts";
import { assignCustomer, sampleDepartments, sampleStaff, type SampleDepartmentKey } from "./sample-company.ts";

const hour = 3_600_000;
const day = 24 * hour;

const parentOf = new Map<string, string | null>(sampleDepartments.map((department) => [department.key, department.parent]));
function isWithin(inner: SampleDepartmentKey, outer: SampleDepartmentKey): boolean {
  for (let at: string | null = inner; at !== null; at = parentOf.get(at) ?? null) if (at === outer) return true;
  return false;
}

/**
 * What the sample company took out: a list whose term is over, one in use, and one large one that waits for approval.
 * Sorted by time.
 */
export function planLists(given: { until: Date; customers: readonly SampleCustomer[] }): readonly PlannedAct[] {
  const at = (days: number): Date => new Date(given.until.getTime() - days * day);
  const seller = sampleStaff.find((one) => one.isToTry && one.roles.includes("sales"));
  const office = sampleStaff.find((one) => one.isToTry && one.roles.includes("office"));
  if (seller === undefined || office === undefined) {
    return [];
  }
  const assigned = given.customers.map((customer) => ({ customer, ...assignCustomer(customer) }));
  const own = assigned.filter((row) => row.owner === seller.key).map((row) => row.customer.ordinal);
  const department = assigned.filter((row) => isWithin(row.department, office.department)).map((row) => row.customer.ordinal);
  return [
    {
      at: at(9),
      staff: seller.key,
      act: {
        kind: "take-out",
        name: "秋の展示会のご案内",
        customers: own.slice(0, 12),
        fields: ["fullName", "companyName", "postalCode", "address"],
        purpose: "delivery",
        reason: "",
        days: 5,
        downloads: 1,
      },
    },
    {
      at: at(2),
      staff: seller.key,
      act: {
        kind: "take-out",
        name: "訪問先の電話一覧",
        customers: own.slice(12, 20),
        fields: ["fullName", "companyName", "phone", "mobile"],
        purpose: "sales",
        reason: "",
        days: 14,
        downloads: 2,
      },
    },
    {
      at: at(0.1),
      staff: office.key,
      act: {
        kind: "take-out",
        name: "年末のご挨拶状",
        customers: department.slice(0, 148),
        fields: ["fullName", "companyName", "postalCode", "address"],
        purpose: "delivery",
        reason: "年末のご挨拶状の宛名印刷を、例年どおり印刷会社に頼みます。",
        handler: "まるやま印刷株式会社",
        days: 21,
        downloads: 0,
      },
    },
  ];
}
