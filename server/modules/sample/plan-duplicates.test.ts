import { expect, test } from "vitest";
import { compareProfiles, profileOf } from "#server/core/door/likeness.ts";
import { alikeFrom, likenessScore } from "#shared/duplicates.ts";
import { generateCompany } from "./generate-companies.ts";
import { generateCustomers } from "./generate-customers.ts";
import { planDuplicates, sampleDuplicateCount } from "./plan-duplicates.ts";

test("each second entry of the sample company is alike enough to be found, and none is a copy", () => {
  const customers = [...generateCustomers(20_261_121, 2000)];
  const { customers: doubles, companies } = planDuplicates(customers, (ordinal) => generateCompany(20_261_121, ordinal));
  expect(doubles).toHaveLength(sampleDuplicateCount);
  for (const { of, values } of doubles) {
    const first = customers[of]?.values as unknown as Record<string, string>;
    const [a, b] = [first, values as unknown as Record<string, string>].map((one) => profileOf("customer", (key) => one[key]));
    expect(likenessScore("customer", compareProfiles("customer", a ?? {}, b ?? {}))).toBeGreaterThanOrEqual(alikeFrom);
    expect(values).not.toEqual(first);
  }
  expect(companies).toHaveLength(4);
});
