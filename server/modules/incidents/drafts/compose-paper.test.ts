import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factCatalogue, isFactAsked, isFactValue, type Certainty, type FactDefinition, type StatedFact } from "#shared/incident-facts.ts";
import { paperKeys, type PaperKey } from "#shared/incident-papers.ts";
import { playbookKeys, type PlaybookKey } from "#shared/incidents.ts";
import { judge } from "../law/judge.ts";
import type { JudgedScope } from "../law/read-facts.ts";
import { terms } from "../law/terms.ts";
import { composePaper, isPaperNeeded } from "./compose-paper.ts";
import type { Ground } from "./ground.ts";
import { changedEntries, type Entry, type Paper } from "./paper.ts";

type Given = Pick<StatedFact, "key" | "value" | "certainty">;
const knownAt = new Date("2026-11-20T01:05:00Z");
const scope: JudgedScope = {
  runNo: 4,
  asOfEvent: 8123,
  isVerified: true,
  isPending: false,
  confirmed: 1204,
  possible: 16,
  foundByLedger: 1220,
  released: 1204,
  sensitive: 0,
  isEveryFieldKnown: true,
  fields: [
    { field: "fullName", isSensitive: false, confirmed: 1204, possible: 0 },
    { field: "address", isSensitive: false, confirmed: 900, possible: 16 },
    { field: "memberNumber", isSensitive: false, confirmed: 3, possible: 0 },
  ],
};

function groundOf(given: readonly Given[], more: { scope?: JudgedScope | null; playbook?: PlaybookKey; isDrill?: boolean } = {}): Ground {
  const facts = new Map(given.map((fact, index) => [fact.key, { ...fact, factNo: index + 1, at: knownAt.toISOString(), by: 1 }]));
  const judged = { facts, playbook: more.playbook ?? "unauthorised-access", scope: more.scope ?? null };
  const judgement = judge(judged, "2026-11-20");
  return {
    ...judged,
    isDrill: more.isDrill ?? false,
    knownAt,
    organisation: "株式会社みどり商事",
    judgement,
    terms: terms(knownAt, judgement.limbs),
    notes: [{ noteNo: 31, happenedAt: new Date("2026-11-20T02:00:00Z") }],
    fieldNames: new Map([["memberNumber", "顧客番号"]]),
    keyUse: [],
  };
}

const compose = (paper: PaperKey, ground: Ground): Paper => composePaper(paper, ground, new Map());
const entriesOf = (paper: Paper): Entry[] => paper.sections.flatMap((section) => section.entries);
const find = (paper: Paper, key: string): Entry | undefined => entriesOf(paper).find((entry) => entry.key === key);
const textOf = (entry: Entry | undefined): string =>
  entry?.pieces.map((piece) => (piece.kind === "plain" ? piece.text : `<${piece.kind} ${piece.no}>`)).join("") ?? "";

const onForm = factCatalogue.filter((fact) => fact.isOnForm === true);
const valueOf = (fact: FactDefinition): string => ({ text: "文", date: "2026-11-19", number: "12", choice: fact.choices?.[0]?.key ?? "" })[fact.type];
const anyFact = fc.constantFrom(...factCatalogue).chain((definition) =>
  fc.record({
    key: fc.constant(definition.key),
    value: definition.type === "choice" ? fc.constantFrom(...(definition.choices ?? []).map((one) => one.key)) : fc.constant(valueOf(definition)),
    certainty: fc.constantFrom<Certainty>("confirmed", "assumed", "unknown"),
  }),
);

describe("the report in the fields of the official form", () => {
  it.each(["preliminary", "final"] as const)(
    "has every field in the %s report, in the order of the form, and says of each what is known or that it is not",
    (stage) => {
      for (const ground of [groundOf([]), groundOf([], { scope })]) {
        const entries = entriesOf(compose(stage, ground)).filter((entry) => onForm.some((fact) => fact.key === entry.key));
        expect(entries.map((entry) => entry.key)).toEqual(onForm.map((fact) => fact.key));
        for (const entry of entries) {
          expect(textOf(entry), entry.key).not.toBe("");
          if (entry.state === "unknown") expect(textOf(entry), entry.key).toContain("不明(調査中)");
          if (entry.state === "not-applicable") expect(textOf(entry), entry.key).toBe("該当なし");
        }
      }
    },
  );

  it("leaves no field unknown once each that is asked for is stated", () => {
    const given = factCatalogue.map((fact): Given => ({ key: fact.key, value: fact.type === "text" ? null : valueOf(fact), certainty: "confirmed" }));
    const entries = entriesOf(compose("final", groundOf(given, { scope })));
    expect(entries.filter((entry) => entry.state === "unknown")).toEqual([]);
    const asked = onForm.filter((fact) => isFactAsked(fact, (key) => given.find((one) => one.key === key)?.value));
    expect(entries.filter((entry) => entry.state === "stated").map((entry) => entry.key)).toEqual(
      expect.arrayContaining(asked.filter((fact) => !["report.stage"].includes(fact.key)).map((fact) => fact.key)),
    );
  });

  it("takes people and items from the scope, with the run and the event that prove them", () => {
    const report = compose("preliminary", groundOf([], { scope }));
    expect(textOf(find(report, "persons.total"))).toBe("1,220人(うち漏えいの可能性がある者 16人)");
    expect(find(report, "persons.total")?.evidence).toEqual([
      { kind: "scope-run", no: 4 },
      { kind: "event", no: 8123 },
    ]);
    expect(textOf(find(report, "items.fields"))).toContain("■氏名 □生年月日 □性別 ■住所");
    expect(textOf(find(report, "items.fieldsOther"))).toBe("顧客番号");
    expect(textOf(find(report, "outline.limbs"))).toBe("□1号 □2号 ■3号 ■4号 □非該当(上記に該当しない場合の報告)");
    expect(find(report, "outline.limbs")?.isToBeChecked).toBe(true);
  });

  it("says how the first question of the form is answered as long as nobody knows: as if My Number were among it", () => {
    const first = (given: readonly Given[]): string =>
      JSON.stringify(composePaper("preliminary", groundOf(given), new Map()).sections.find((one) => one.key === "routing"));
    expect(first([])).toContain("不明のときは「はい」");
    expect(first([{ key: "routing.myNumber", value: null, certainty: "unknown" }])).toContain("不明のときは「はい」");
    expect(first([{ key: "routing.myNumber", value: "no", certainty: "confirmed" }])).not.toContain("不明のときは");
  });

  it("says beside the number of people how many the ledger found, where somebody was moved by hand, and only there", () => {
    const basis = (given: JudgedScope): string => JSON.stringify(composePaper("final", groundOf([], { scope: given }), new Map()).sections.at(-1));
    expect(basis({ ...scope, foundByLedger: 1300 })).toContain("記録簿では1,300人");
    expect(basis(scope)).not.toContain("区分を移した");
  });

  it("says in every paper that rests on the scope that its figures are not verified yet, as long as that holds", () => {
    const [pending, refuted] = [
      { ...scope, isVerified: false, isPending: true },
      { ...scope, isVerified: false, isPending: false },
    ].map((one) => groundOf([], { scope: one })) as [Ground, Ground];
    for (const paper of ["preliminary", "final", "person-notice", "press"] as const) {
      expect(textOf(find(compose(paper, pending), "provisional")), paper).toContain("検証中の数値");
      for (const ground of [refuted, groundOf([], { scope })]) expect(find(compose(paper, ground), "provisional"), paper).toBeUndefined();
    }
    expect(find(compose("preliminary", groundOf([])), "provisional")).toBeUndefined();
    expect(textOf(find(compose("preliminary", pending), "persons.total"))).toContain("(検証中の数値)");
    expect(textOf(find(compose("preliminary", refuted), "persons.total"))).toContain("記録簿を検証できず");
  });

  it("takes from the case and the moment of knowing what nobody stated yet, to be checked, and no more once it is said to be unknown", () => {
    const report = compose("preliminary", groundOf([]));
    expect(find(report, "outline.discoveredOn")).toMatchObject({ state: "derived", isToBeChecked: true, pieces: [{ kind: "plain", text: "2026年11月20日" }] });
    expect(textOf(find(report, "cause.kind"))).toContain("■不正アクセス");
    expect(find(report, "outline.leak")?.state).toBe("unknown");
    expect(find(compose("preliminary", groundOf([], { playbook: "loss-theft" })), "cause.kind")?.state).toBe("unknown");
    expect(find(compose("preliminary", groundOf([{ key: "cause.kind", value: null, certainty: "unknown" }])), "cause.kind")?.state).toBe("unknown");
  });

  it("tells the course of events by what people wrote down, until somebody writes it in one piece", () => {
    expect(textOf(find(compose("preliminary", groundOf([])), "outline.course"))).toBe(
      "2026年11月20日 10時05分 当社が事態を知った。\n2026年11月20日 11時00分 <note 31>",
    );
    const stated = groundOf([{ key: "outline.course", value: null, certainty: "confirmed" }]);
    expect(textOf(find(compose("preliminary", stated), "outline.course"))).toBe("<fact 1>");
  });

  it("never loses another field by one more fact", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyFact, { selector: (fact) => fact.key, maxLength: 25 }),
        anyFact,
        fc.boolean(),
        fc.constantFrom(...playbookKeys),
        (given, added, hasScope, playbook) => {
          const more = { scope: hasScope ? scope : null, playbook };
          const before = compose("final", groundOf(given, more));
          const after = compose("final", groundOf([...given.filter((fact) => fact.key !== added.key), added], more));
          expect(entriesOf(after).map((entry) => entry.key)).toEqual(entriesOf(before).map((entry) => entry.key));
          for (const { key } of given.filter((fact) => fact.key !== added.key)) {
            const [was, is] = [find(before, key), find(after, key)];
            if (was?.state === "stated" || was?.state === "assumed") expect(is?.state, key).toBe(was.state);
          }
          if (added.certainty === "confirmed" && onForm.some((fact) => fact.key === added.key) && added.key !== "report.stage") {
            expect(find(after, added.key)?.state).toBe("stated");
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("every paper", () => {
  it.each(paperKeys)("%s names each entry once, whatever is known, and changes by nothing but the facts", (paper) => {
    fc.assert(
      fc.property(fc.uniqueArray(anyFact, { selector: (fact) => fact.key, maxLength: 30 }), fc.boolean(), (given, hasScope) => {
        const made = compose(paper, groundOf(given, { scope: hasScope ? scope : null }));
        const keys = entriesOf(made).map((entry) => entry.key);
        expect(new Set(keys).size).toBe(keys.length);
        expect(entriesOf(made).every((entry) => entry.pieces.length > 0)).toBe(true);
        expect(changedEntries(made, compose(paper, groundOf(given, { scope: hasScope ? scope : null })))).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it("shows exactly the entries that a new fact changed", () => {
    const before = compose("preliminary", groundOf([]));
    const after = compose("preliminary", groundOf([{ key: "secondary.state", value: "no", certainty: "confirmed" }]));
    expect(changedEntries(before, after)).toEqual(["secondary.state", "secondary.detail"]);
    expect(changedEntries(null, after)).toHaveLength(entriesOf(after).length);
  });

  it("puts words of one's own in the place of a passage and nowhere else", () => {
    const ground = groundOf([]);
    const own = composePaper(
      "person-notice",
      ground,
      new Map([
        ["opening.apology", 9],
        ["desk.phone", 10],
      ]),
    );
    expect(find(own, "opening.apology")?.pieces).toEqual([{ kind: "passage", no: 9 }]);
    expect(changedEntries(compose("person-notice", ground), own)).toEqual(["opening.apology"]);
  });

  it("tells the people the outline, the items, the cause, secondary damage and other matters, and warns of what got out", () => {
    const card = compose("person-notice", groundOf([{ key: "items.fields", value: "name,card", certainty: "confirmed" }]));
    expect(card.sections.map((section) => section.key)).toEqual(["addressees", "opening", "outline", "items", "cause", "secondary", "other", "desk"]);
    expect(textOf(find(card, "secondary.advice"))).toContain("カードのご利用明細");
    expect(textOf(find(compose("person-notice", groundOf([])), "secondary.advice"))).not.toContain("カードのご利用明細");
  });
});

describe("the draft for the common form of ransomware", () => {
  const ransomwareRows = (paper: Paper): Entry[] => entriesOf(paper).filter((entry) => entry.key.startsWith("ransomware."));

  it("is called for where the case is one of ransomware, or somebody found that it is, and nowhere else", () => {
    const struck = (value: string | null): Given[] => [{ key: "ransomware.struck", value, certainty: value === null ? "unknown" : "confirmed" }];
    const isNeeded = (ground: Ground): boolean => isPaperNeeded("ransomware-form", ground);
    expect(isNeeded(groundOf([], { playbook: "ransomware" }))).toBe(true);
    expect(isNeeded(groundOf(struck("yes"), { playbook: "contractor" }))).toBe(true);
    expect(isNeeded(groundOf(struck("no"), { playbook: "ransomware" }))).toBe(false);
    for (const playbook of playbookKeys.filter((key) => key !== "ransomware")) expect(isNeeded(groundOf([], { playbook })), playbook).toBe(false);
  });

  it("says of each technical item what is known or that it is not, and that it is to be checked", () => {
    const given: Given[] = [
      { key: "ransomware.kinds", value: "encrypted,demanded", certainty: "confirmed" },
      { key: "ransomware.note", value: null, certainty: "assumed" },
    ];
    const rows = ransomwareRows(compose("ransomware-form", groundOf(given, { playbook: "ransomware", scope })));
    const technical = factCatalogue.filter((fact) => fact.section === "ransomware" && fact.key !== "ransomware.struck").map((fact) => fact.key);
    expect(rows.map((row) => row.key).toSorted()).toEqual(technical.toSorted());
    expect(rows.every((row) => row.isToBeChecked)).toBe(true);
    expect(textOf(rows.find((row) => row.key === "ransomware.kinds"))).toBe("■データの暗号化 □公開すると示唆 □リークサイト等で公開 ■金銭の要求");
    expect(textOf(rows.find((row) => row.key === "ransomware.note"))).toBe("<fact 2>(推定)");
    for (const row of rows.filter(({ key }) => !given.some((one) => one.key === key))) expect(textOf(row), row.key).toBe("不明(調査中)");
  });

  it("asks for no technical item where the case is another, until it is not known whether it was ransomware", () => {
    const statesOf = (given: Given[]): string[] => [...new Set(ransomwareRows(compose("ransomware-form", groundOf(given))).map((row) => row.state))];
    expect(statesOf([])).toEqual(["not-applicable"]);
    expect(statesOf([{ key: "ransomware.struck", value: null, certainty: "unknown" }])).toEqual(["unknown"]);
  });
});

describe("values of facts", () => {
  it("are days, numbers and keys of the catalogue alone", () => {
    const of = (key: string, value: string): boolean => isFactValue(factCatalogue.find((fact) => fact.key === key) as FactDefinition, value);
    expect(["name,birth", "name"].map((value) => of("items.fields", value))).toEqual([true, true]);
    expect(["name,name", "name,x", "", "Name"].map((value) => of("items.fields", value))).toEqual([false, false, false, false]);
    expect(of("outline.leak", "certain,possible")).toBe(false);
    expect(["2026-02-29", "2026-02-28"].map((value) => of("outline.occurredOn", value))).toEqual([false, true]);
    expect(["1,000", "-1", "01", "2147483648", "2147483647"].map((value) => of("persons.total", value))).toEqual([false, false, false, false, true]);
  });
});
