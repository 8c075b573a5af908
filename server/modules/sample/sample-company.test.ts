import { describe, expect, test } from "vitest";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import { generateCustomers } from "./generate-customers.ts";
import { planActivity } from "./plan-activity.ts";
import { assignCustomer, sampleCompanyCount, sampleDepartments, sampleStaff } from "./sample-company.ts";

const customers = [...generateCustomers(1, 2000)];
const until = new Date("2026-11-21T05:00:00Z");
const plan = planActivity({ seed: 1, until, customers });

describe("the sample company", () => {
  test("has 25 staff with distinct mails, in departments and roles that exist, and five accounts to try", () => {
    expect(sampleStaff.length).toBe(25);
    expect(new Set(sampleStaff.map((one) => one.mail)).size).toBe(25);
    const roles = new Set(shippedRoles.map((role) => role.key));
    const departments = new Set<string>(sampleDepartments.map((department) => department.key));
    for (const one of sampleStaff) {
      expect(departments.has(one.department)).toBe(true);
      for (const role of one.roles) expect(roles.has(role), role).toBe(true);
    }
    expect(new Set(sampleStaff.flatMap((one) => one.roles)).size).toBe(shippedRoles.length);
    expect(sampleStaff.filter((one) => one.isToTry).length).toBe(5);
  });
  test("lists parents before children", () => {
    const seen = new Set<string>();
    for (const department of sampleDepartments) {
      if (department.parent !== null) expect(seen.has(department.parent)).toBe(true);
      seen.add(department.key);
    }
  });
  test("gives every customer a sales office, and people of one company one owner within it", () => {
    expect(sampleCompanyCount).toBe(300);
    const ownerOf = new Map<number, string | null>();
    for (const customer of customers) {
      const { department, owner } = assignCustomer(customer);
      if (owner !== null) expect(sampleStaff.find((one) => one.key === owner)?.department).toBe(department);
      if (customer.company === null) continue;
      if (ownerOf.has(customer.company)) expect(owner).toBe(ownerOf.get(customer.company));
      ownerOf.set(customer.company, owner);
    }
    const owners = new Set([...ownerOf.values()].filter((owner) => owner !== null));
    expect(owners.size).toBe(sampleStaff.filter((one) => one.roles.includes("sales")).length);
  });
});

describe("the plan of two weeks", () => {
  test("lies on ten working days before the given day, in working hours, in order of time", () => {
    const days = new Set<string>();
    let before = 0;
    for (const { at } of plan) {
      expect(at.getTime()).toBeGreaterThanOrEqual(before);
      before = at.getTime();
      const inTokyo = new Date(at.getTime() + 9 * 3_600_000);
      expect([1, 2, 3, 4, 5]).toContain(inTokyo.getUTCDay());
      expect(inTokyo.getUTCHours()).toBeGreaterThanOrEqual(8);
      expect(inTokyo.getUTCHours()).toBeLessThan(19);
      days.add(inTokyo.toISOString().slice(0, 10));
    }
    expect(days.size).toBe(10);
    expect(before).toBeLessThan(until.getTime());
  });
  test("is the same for the same seed and another for another", () => {
    expect(planActivity({ seed: 1, until, customers })).toEqual(plan);
    expect(planActivity({ seed: 2, until, customers })).not.toEqual(plan);
  });
  test("holds every kind of act, and each day of work stands between sign-in and sign-out", () => {
    expect(new Set(plan.map(({ act }) => act.kind)).size).toBe(13);
    expect(plan.length).toBeGreaterThan(1200);
    const signedIn = new Set<string>();
    for (const { staff, act } of plan) {
      if (act.kind === "sign-in") signedIn.add(staff);
      expect(signedIn.has(staff)).toBe(true);
      if (act.kind === "sign-out") signedIn.delete(staff);
    }
    expect(signedIn.size).toBe(0);
  });
  test("lets sellers edit none but their own customers, and look at none but their department's, save by a stray link", () => {
    const sellers = new Map(sampleStaff.filter((one) => one.roles.includes("sales")).map((one) => [one.key, one]));
    let strays = 0;
    for (const { staff, act } of plan) {
      const seller = sellers.get(staff);
      if (seller === undefined || !("customer" in act)) continue;
      const { department, owner } = assignCustomer(customers[act.customer]!);
      if (act.kind === "view-foreign") {
        expect(department).not.toBe(seller.department);
        strays += 1;
      } else if (act.kind === "edit") expect(owner).toBe(staff);
      else expect(owner === staff || department === seller.department).toBe(true);
    }
    expect(strays).toBeGreaterThan(0);
  });
});
