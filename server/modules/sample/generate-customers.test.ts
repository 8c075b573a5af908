import { isValidPhoneNumber } from "libphonenumber-js/max";
import { describe, expect, test } from "vitest";
import { recordFields } from "#shared/fields.ts";
import { findCardNumbers } from "#shared/find-card-number.ts";
import { corporateNumber } from "#shared/corporate-number.ts";
import { generateCompany } from "./generate-companies.ts";
import { companyCountFor, customerMaker, generateCustomers } from "./generate-customers.ts";
import { givenNames } from "./given-names.ts";
import { places } from "./places.ts";
import { romanise } from "./romanise.ts";
import { surnames } from "./surnames.ts";

const people = [...generateCustomers(7, 40_000)];

describe("the sample's words", () => {
  test("hold at least 300 surnames, 300 given names and 120 municipalities in all 47 prefectures", () => {
    expect(surnames.length).toBeGreaterThanOrEqual(300);
    expect(Object.values(givenNames).flat(2).length).toBeGreaterThanOrEqual(300);
    expect(places.length).toBeGreaterThanOrEqual(120);
    expect(new Set(places.map((place) => place.prefecture)).size).toBe(47);
  });
  test("hold the variant spellings that real lists have", () => {
    const written = surnames.map((surname) => surname.written).join(" ");
    for (const variant of ["髙橋", "山﨑", "渡邊", "渡邉", "齋藤", "斉藤", "𠮷田"]) expect(written).toContain(variant);
  });
  test("have readings in full-width katakana alone, and every reading can stand in a mail address", () => {
    for (const name of [...surnames, ...Object.values(givenNames).flat(2)]) {
      expect(name.kana).toMatch(/^[ァ-ヴー]+$/);
      expect(romanise(name.kana)).toMatch(/^[a-z]+$/);
      expect(name.written).not.toBe("");
    }
  });
  test("name nobody twice with the same reading", () => {
    const keys = surnames.map((surname) => `${surname.written} ${surname.kana}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
});

describe("generated customers", () => {
  test("have every field of a customer and no other", () => {
    const wanted = recordFields.filter((field) => field.kind === "customer").map((field) => field.key);
    for (const person of people.slice(0, 500)) expect(Object.keys(person.values).sort()).toEqual([...wanted].sort());
    for (const key of wanted) expect(people.some((person) => person.values[key as "mail"] !== null)).toBe(true);
  });
  test("are the same for the same seed, one by one or all together", () => {
    const make = customerMaker(7);
    for (const ordinal of [39_999, 0, 12_345, 2_000, 1_999]) expect(make(ordinal)).toEqual(people[ordinal]);
    expect(customerMaker(8)(0)).not.toEqual(people[0]);
  });
  test("share no mail, phone or mobile, and no name at one address", () => {
    for (const valueOf of [
      (one: (typeof people)[number]) => one.values.mail,
      (one: (typeof people)[number]) => one.values.phone?.replaceAll("-", "") ?? null,
      (one: (typeof people)[number]) => one.values.mobile,
      (one: (typeof people)[number]) => `${one.values.fullName} ${one.values.address}`,
    ]) {
      const values = people.map(valueOf).filter((value) => value !== null);
      expect(new Set(values).size).toBe(values.length);
    }
  });
  test("can always be reached, by mail, phone or mobile", () => {
    for (const { values } of people) expect(values.mail ?? values.phone ?? values.mobile).not.toBeNull();
  });
  test("have phone numbers of the right shape for their area", () => {
    for (const { values } of people.slice(0, 3000)) {
      for (const number of [values.phone, values.mobile, values.fax]) if (number !== null) expect(isValidPhoneNumber(number, "JP"), number).toBe(true);
    }
  });
  test("have mail in reserved name space only, so that no mail reaches anybody", () => {
    for (const { values } of people)
      if (values.mail !== null) expect(values.mail).toMatch(/^[a-z0-9._-]+@[a-z0-9.-]*(example|example\.(co\.jp|ne\.jp|jp|com))$/);
  });
  test("hold nothing that a card number is taken for", () => {
    for (const { values } of people.slice(0, 5000))
      for (const value of Object.values(values)) if (value !== null) expect(findCardNumbers(value), value).toEqual([]);
    for (let ordinal = 0; ordinal < 600; ordinal += 1)
      for (const value of Object.values(generateCompany(7, ordinal).values)) if (value !== null) expect(findCardNumbers(value), value).toEqual([]);
  });
  test("follow Japan's surnames: 佐藤 is the commonest, and written variants are rare", () => {
    const counts = new Map<string, number>();
    for (const { values } of people) counts.set(values.fullName.split("　")[0]!, (counts.get(values.fullName.split("　")[0]!) ?? 0) + 1);
    const share = (name: string) => (counts.get(name) ?? 0) / people.length;
    expect([...counts].sort((a, b) => b[1] - a[1])[0]![0]).toMatch(/佐藤|鈴木/);
    expect(share("髙橋")).toBeGreaterThan(0.0005);
    expect(share("髙橋")).toBeLessThan(share("高橋") / 5);
  });
});

describe("generated companies", () => {
  test("are 300 for 2,000 customers, with names and domains of their own", () => {
    expect(companyCountFor(2000)).toBe(300);
    const companies = Array.from({ length: 300 }, (_, ordinal) => generateCompany(7, ordinal));
    expect(new Set(companies.map((company) => company.values.kana)).size).toBe(300);
    expect(new Set(companies.map((company) => company.mailDomain)).size).toBe(300);
    const seen = new Set(people.slice(0, 2000).flatMap((person) => (person.company === null ? [] : [person.company])));
    expect(seen.size).toBe(300);
  });
  test("carry corporate numbers with the right check digit", () => {
    // 国税庁 7000012050002: its published number.
    expect(corporateNumber("000012050002")).toBe("7000012050002");
    for (let ordinal = 0; ordinal < 300; ordinal += 1) {
      const number = generateCompany(7, ordinal).values.corporateNumber;
      expect(corporateNumber(number.slice(1))).toBe(number);
    }
  });
});
