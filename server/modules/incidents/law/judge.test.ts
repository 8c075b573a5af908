import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factCatalogue, type Certainty } from "#shared/incident-facts.ts";
import { playbookKeys, type PlaybookKey } from "#shared/incidents.ts";
import { judge, type Judgement } from "./judge.ts";
import type { JudgedScope } from "./read-facts.ts";

type Stated = Readonly<Record<string, string | readonly [string | null, Certainty]>>;

const noScope: JudgedScope | null = null;
const scopeOf = (confirmed: number, possible: number, more: Partial<JudgedScope> = {}): JudgedScope => ({
  runNo: 7,
  asOfEvent: 900,
  isVerified: true,
  isPending: false,
  confirmed,
  possible,
  foundByLedger: confirmed + possible,
  released: 0,
  sensitive: 0,
  isEveryFieldKnown: true,
  fields: [{ field: "fullName", isSensitive: false, confirmed, possible }],
  ...more,
});

function judged(playbook: PlaybookKey, stated: Stated, scope: JudgedScope | null = noScope, on = "2026-11-22"): Judgement {
  const facts = new Map(
    Object.entries(stated).map(([key, given], index) => {
      const [value, certainty] = typeof given === "string" ? ([given, "confirmed"] as const) : given;
      return [key, { key, value, certainty, factNo: index + 1 }];
    }),
  );
  return judge({ facts, playbook, scope }, on);
}

const applying = ({ limbs }: Judgement): number[] => limbs.filter((limb) => limb.applies === "yes").map((limb) => limb.no);

describe("規則7条", () => {
  it("reports an unauthorised access as soon as a leak is possible, by the third limb and within 60 days", () => {
    const judgement = judged("unauthorised-access", { "outline.leak": ["possible", "assumed"] });
    expect(judgement.overall).toBe("reportable");
    expect(applying(judgement)).toEqual([3]);
    expect(judgement.limbs.find((limb) => limb.no === 3)?.days).toBe(60);
  });

  it("needs no report of a mis-sending to a few without sensitive data", () => {
    const judgement = judged("misdirected", {}, scopeOf(12, 0));
    expect(judgement.overall).toBe("not-reportable");
    expect(judgement.limbs.map((limb) => limb.applies)).toEqual(["no", "no", "no", "no"]);
  });

  it("reports from 1,001 people on, not at 1,000; of an administrative body from 101 on", () => {
    expect(judged("misdirected", {}, scopeOf(1000, 0)).overall).toBe("not-reportable");
    expect(applying(judged("misdirected", {}, scopeOf(1001, 0)))).toEqual([4]);
    expect(applying(judged("misdirected", {}, scopeOf(1000, 1)))).toEqual([4]);
    expect(applying(judged("misdirected", { "routing.operator": "administrative" }, scopeOf(100, 0)))).toEqual([]);
    expect(applying(judged("misdirected", { "routing.operator": "administrative" }, scopeOf(101, 0)))).toEqual([4]);
  });

  it("reports one person's special care-required information, whatever was a mistake", () => {
    const fields = [{ field: "considerations", isSensitive: true, confirmed: 1, possible: 0 }];
    expect(applying(judged("misdirected", {}, scopeOf(1, 0, { fields, sensitive: 1 })))).toEqual([1]);
    const account = [{ field: "bankAccount", isSensitive: true, confirmed: 1, possible: 0 }];
    expect(judged("misdirected", {}, scopeOf(1, 0, { fields: account, sensitive: 1 })).overall).toBe("not-reportable");
  });

  it("does not rule out sensitive or financial data where a file, a copy or a machine was in other hands", () => {
    const copied = judged("contractor", { "circumstances.wrongfulPurpose": "no" }, scopeOf(0, 40, { isEveryFieldKnown: false }));
    expect(copied).toMatchObject({ overall: "undetermined", missing: ["circumstances.sensitive", "items.fields"] });
  });

  it("reports card data and logins with payment, not an address or a bank account alone", () => {
    const mistake = { "outline.leak": "certain", "circumstances.sensitive": "no", "persons.total": "3" };
    const withItems = (fields: string, more: Stated = {}): Judgement => judged("misdirected", { ...mistake, "items.fields": fields, ...more });
    expect(applying(withItems("name,card"))).toEqual([2]);
    expect(withItems("name,address,phone,mail,other").overall).toBe("not-reportable");
    expect(withItems("mail,password")).toMatchObject({ overall: "undetermined", missing: ["circumstances.paymentLogin"] });
    expect(applying(withItems("mail,password", { "circumstances.paymentLogin": "yes" }))).toEqual([2]);
  });

  it("is no leak where all was recovered unread or the logs show that nobody viewed it, and only where that is confirmed", () => {
    const sent = { "outline.leak": "certain", "circumstances.sensitive": "yes" };
    expect(judged("misdirected", { ...sent, "circumstances.recoveredUnread": "yes" }).overall).toBe("not-reportable");
    expect(judged("web-exposure", { ...sent, "circumstances.nobodyViewed": "yes" }).overall).toBe("not-reportable");
    expect(judged("web-exposure", { ...sent, "circumstances.nobodyViewed": "yes" }, scopeOf(3, 0, { released: 3 })).overall).toBe("reportable");
    expect(judged("web-exposure", { ...sent, "circumstances.nobodyViewed": "yes" }, scopeOf(3, 0)).overall).toBe("not-reportable");
    expect(judged("misdirected", { ...sent, "circumstances.recoveredUnread": ["yes", "assumed"] }).overall).toBe("reportable");
    expect(judged("web-exposure", { ...sent, "circumstances.nobodyViewed": ["yes", "assumed"] }).overall).toBe("reportable");
  });

  it("is no leak where the verified ledger shows nobody, and says nothing of the kind where it does not verify", () => {
    expect(judged("unauthorised-access", {}, scopeOf(0, 0)).overall).toBe("not-reportable");
    expect(judged("unauthorised-access", {}, scopeOf(0, 0, { isVerified: false })).overall).toBe("undetermined");
    expect(judged("misdirected", {}, scopeOf(5, 0, { isVerified: false })).overall).toBe("undetermined");
  });

  it("does not let a scope in which nobody is found speak against a leak, a loss or damage that is there", () => {
    const ransom = judged("ransomware", { "outline.leak": "none", "outline.damage": "certain" }, scopeOf(0, 0));
    expect(ransom).toMatchObject({ overall: "reportable", persons: null });
    expect(ransom.limbs.find((limb) => limb.no === 4)?.applies).toBe("unknown");
    expect(judged("unauthorised-access", { "outline.leak": "certain" }, scopeOf(0, 0)).overall).toBe("reportable");
    expect(judged("misdirected", { "outline.leak": "certain" }, scopeOf(0, 0)).overall).toBe("undetermined");
    expect(judged("misdirected", { "outline.leak": "certain", "persons.total": "0", "circumstances.sensitive": "yes" }).overall).toBe("reportable");
  });

  it("takes nobody's moving of people, and no assumption, for what the ledger shows", () => {
    expect(judged("unauthorised-access", {}, scopeOf(0, 0, { foundByLedger: 12 }))).toMatchObject({ overall: "undetermined", missing: ["outline.leak"] });
    expect(judged("unauthorised-access", { "outline.leak": ["none", "assumed"] })).toMatchObject({ overall: "undetermined", missing: ["outline.leak"] });
    expect(judged("unauthorised-access", { "outline.leak": ["none", "assumed"] }, scopeOf(12, 0)).overall).toBe("reportable");
    expect(judged("unauthorised-access", { "outline.leak": "none" }).overall).toBe("not-reportable");
    expect(judged("unauthorised-access", { "cause.kind": ["missending", "assumed"], "outline.leak": "possible" })).toMatchObject({ overall: "undetermined" });
    expect(applying(judged("unauthorised-access", { "cause.kind": "missending", "outline.leak": "possible" }))).toEqual([]);
  });

  it("counts whom the ledger names, also where fewer were stated", () => {
    expect(applying(judged("misdirected", { "persons.total": "500" }, scopeOf(1001, 0)))).toEqual([4]);
    expect(applying(judged("misdirected", { "persons.total": ["500", "assumed"] }, scopeOf(400, 601)))).toEqual([4]);
    expect(applying(judged("misdirected", { "persons.total": "500" }, scopeOf(400, 601)))).toEqual([]);
    expect(judged("misdirected", { "persons.total": "0" }, scopeOf(3, 0)).leak.answer).toBe("yes");
  });

  it("speaks of the common form for ransomware from the day on which it came", () => {
    const notes = (on: string): string =>
      judged("ransomware", {}, noScope, on)
        .notes.map((note) => note.ja)
        .join();
    expect(notes("2025-10-01")).toContain("別添様式2");
    expect(notes("2025-09-30")).not.toContain("別添様式2");
  });

  it("counts data being acquired from 2024-04-01 on, and nothing before there was a duty", () => {
    const skimmed = { "outline.leak": "possible", "cause.kind": "other", "circumstances.takenOnEntry": "yes" };
    expect(applying(judged("web-exposure", skimmed, noScope, "2024-04-01"))).toContain(3);
    expect(applying(judged("web-exposure", skimmed, noScope, "2024-03-31"))).not.toContain(3);
    expect(judged("unauthorised-access", { "outline.leak": "certain" }, noScope, "2022-03-31")).toMatchObject({ overall: "not-reportable", law: null });
  });

  it("takes a ransomware that leaves data unrecoverable for damage, also without a leak", () => {
    expect(judged("ransomware", { "outline.leak": "none", "outline.damage": "certain" }).overall).toBe("reportable");
    expect(judged("ransomware", { "outline.leak": "none", "outline.damage": "certain", "circumstances.copyKept": "yes" }).overall).toBe("not-reportable");
    expect(judged("ransomware", { "outline.leak": "none" })).toMatchObject({ overall: "undetermined", missing: ["outline.damage", "circumstances.copyKept"] });
  });

  describe("the exemption of enciphered data", () => {
    const lost: Stated = { "outline.leak": "possible", "circumstances.sensitive": "yes", "encryption.applied": "yes" };
    const shown: Stated = {
      ...lost,
      "encryption.coversAll": "yes",
      "encryption.onList": "yes",
      "encryption.keyUntouched": "yes",
      "encryption.keyApart": "yes",
    };

    it("takes the duty away when everything is confirmed, through all limbs", () => {
      expect(judged("loss-theft", shown, scopeOf(0, 5000)).overall).toBe("not-reportable");
    });

    it("does not apply where the ledger shows that values left in plain", () => {
      expect(judged("unauthorised-access", shown, scopeOf(3, 0, { released: 3 })).overall).toBe("reportable");
      expect(judged("loss-theft", shown, scopeOf(3, 0)).overall).toBe("not-reportable");
    });

    it("leaves the duty as it is for each condition that is missing, assumed or refuted", () => {
      for (const key of ["encryption.coversAll", "encryption.onList", "encryption.keyUntouched", "encryption.keyApart"]) {
        for (const given of ["no", ["yes", "assumed"], [null, "unknown"]] as const) {
          expect(judged("loss-theft", { ...shown, [key]: given }).overall, `${key} ${JSON.stringify(given)}`).toBe("reportable");
        }
      }
      expect(judged("loss-theft", { ...lost, "encryption.coversAll": "yes" }).exemption.missing).toContain("encryption.onList");
    });
  });

  it("names what is missing exactly where it cannot decide, and a reason for every limb", () => {
    const stated = fc.constantFrom(...factCatalogue.filter((fact) => fact.type === "choice" || fact.type === "number")).chain((fact) =>
      fc.record({
        key: fc.constant(fact.key),
        value: fact.type === "number" ? fc.nat({ max: 3000 }).map(String) : fc.constantFrom(...(fact.choices ?? []).map((one) => one.key)),
        certainty: fc.constantFrom<Certainty>("confirmed", "assumed", "unknown"),
      }),
    );
    const scope = fc.option(fc.tuple(fc.nat({ max: 1500 }), fc.nat({ max: 1500 }), fc.boolean()).map(([c, p, isVerified]) => scopeOf(c, p, { isVerified })));
    fc.assert(
      fc.property(fc.array(stated, { maxLength: 14 }), fc.constantFrom(...playbookKeys), scope, (list, playbook, ran) => {
        const judgement = judged(playbook, Object.fromEntries(list.map(({ key, value, certainty }) => [key, [value, certainty] as const])), ran);
        expect(judgement.missing.length > 0).toBe(judgement.overall === "undetermined");
        expect(judgement.reasons.length).toBeGreaterThan(0);
        expect(judgement.limbs.every((limb) => limb.reasons.length > 0 && limb.missing.length > 0 === (limb.applies === "unknown"))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("never turns a reportable incident into none by one more risk", () => {
    const risks: Stated = {
      "circumstances.sensitive": "yes",
      "circumstances.wrongfulPurpose": "yes",
      "circumstances.mayExceedThousand": "yes",
      "circumstances.financialHarm": "yes",
    };
    fc.assert(
      fc.property(fc.constantFrom(...playbookKeys), fc.subarray(Object.keys(risks)), fc.subarray(Object.keys(risks)), (playbook, some, more) => {
        const with_ = (keys: readonly string[]): Judgement =>
          judged(playbook, { "outline.leak": "possible", ...Object.fromEntries(keys.map((key) => [key, risks[key] ?? "yes"])) });
        if (with_(some).overall === "reportable") {
          expect(with_([...some, ...more]).overall).toBe("reportable");
        }
      }),
    );
  });
});
