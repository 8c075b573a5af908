import type { SampleCustomer } from "./generate-customers.ts";
import type { PlannedAct } from "./plan-activity.ts";
import { assignCustomer, sampleStaff } from "./sample-company.ts";

const day = 86_400_000;
const starredEach = 5;

/** The views that the sample company keeps, and whom its people starred. Sorted by time. */
export function planViews(given: { until: Date; customers: readonly SampleCustomer[] }): readonly PlannedAct[] {
  const at = (days: number): Date => new Date(given.until.getTime() - days * day);
  const seller = sampleStaff.find((one) => one.isToTry && one.roles.includes("sales"));
  const office = sampleStaff.find((one) => one.isToTry && one.roles.includes("office"));
  if (seller === undefined || office === undefined) {
    return [];
  }
  const own = given.customers.filter((customer) => assignCustomer(customer).owner === seller.key).map((customer) => customer.ordinal);
  return [
    {
      at: at(8),
      staff: office.key,
      act: { kind: "keep-view", name: "担当のいない顧客", sharing: "all", filters: { ownerNo: null }, sort: { by: "updatedAt", descending: true } },
    },
    {
      at: at(6),
      staff: office.key,
      act: { kind: "keep-view", name: "今週の更新", sharing: "own", filters: { updatedWithin: 7 }, sort: { by: "updatedAt", descending: true } },
    },
    { at: at(3), staff: seller.key, act: { kind: "star", customers: own.slice(0, starredEach) } },
    { at: at(3), staff: office.key, act: { kind: "star", customers: own.slice(starredEach, 2 * starredEach) } },
  ];
}
