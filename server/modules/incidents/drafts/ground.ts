import { factDefinition, isFactAsked, presumedFact, type FactDefinition, type StatedFact } from "#shared/incident-facts.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { PlaybookKey } from "#shared/incidents.ts";
import type { Judgement } from "../law/judge.ts";
import type { Day } from "../law/provisions.ts";
import { itemsOf, otherFieldsOf, personsOf, type JudgedScope, type ToldConsignors } from "../law/read-facts.ts";
import type { Terms } from "../law/terms.ts";
import { noticeSentence, noticeState, type NoticeFigures } from "./notice-figures.ts";
import type { Entry, EntryState, Evidence, Piece } from "./paper.ts";

/** Everything that the papers of an incident are made of. No personal value is in it. */
export interface Ground {
  readonly isDrill: boolean;
  readonly playbook: PlaybookKey;
  readonly knownAt: Date;
  readonly organisation: string;
  /** The last version of each fact; of the reporter's, where this incident has none, the one of the incident before. */
  readonly facts: ReadonlyMap<string, StatedFact>;
  readonly scope: JudgedScope | null;
  readonly judgement: Judgement;
  readonly terms: Terms;
  /** What people wrote down, oldest first. */
  readonly notes: readonly { readonly noteNo: number; readonly happenedAt: Date }[];
  /** Japanese names of the product's fields. */
  readonly fieldNames: ReadonlyMap<string, string>;
  /** How the storehouse keeps data, and how often keys were used in the time in question: for the dossier. */
  readonly keyUse: readonly { readonly type: string; readonly times: number; readonly lastEvent: number }[];
  /** How the people themselves were told; absent before anything was approved. */
  readonly notices?: NoticeFigures | null;
  /** Companies that entrusted us with people of the scope; absent where none did. */
  readonly consignors?: ToldConsignors | null;
}

const notKnown = "不明(調査中)";
export const notApplicable = "該当なし";

export const plain = (text: string): Piece => ({ kind: "plain", text });

export function countText(count: number): string {
  return count.toLocaleString("en-US");
}

/** `2026年11月22日`. */
export function dayText(day: Day): string {
  const [year, month, date] = day.split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

/** `2026年11月22日 9時05分`, in Japan. */
export function momentText(at: Date): string {
  const [hour, minute] = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Tokyo", hour: "numeric", minute: "2-digit", hour12: false }).format(at).split(":");
  return `${dayText(dayInJapan(at))} ${Number(hour)}時${minute}分`;
}

/** Of a person the screen says 「会社」; a paper names an item of data. */
export function nameOfItem(ja: string): string {
  return ja === "会社" ? "会社名" : ja;
}

/** The value of a code fact, null where it is not stated or not known; of a text always null. */
export function codeOf(ground: Ground, key: string): string | null {
  const fact = ground.facts.get(key);
  return fact === undefined || fact.certainty === "unknown" ? null : fact.value;
}

/** A value with what it rests on, ready to stand in a paper. */
export interface Told {
  readonly state: EntryState;
  readonly pieces: readonly Piece[];
  readonly evidence: readonly Evidence[];
  readonly isToBeChecked?: boolean;
}

/** What a fact of the catalogue reads in a paper: stated, derived, not known or not applicable — never left out. */
export function tellFact(ground: Ground, key: string): Told {
  const definition = factDefinition(key);
  if (definition === undefined) {
    throw new Error(`there is no fact ${key}`);
  }
  const fact = ground.facts.get(key);
  if (fact !== undefined && fact.certainty !== "unknown") {
    const state = fact.certainty === "assumed" ? "assumed" : "stated";
    const value: readonly Piece[] = definition.type === "text" ? [{ kind: "fact", no: fact.factNo }] : [plain(codeText(definition, fact.value ?? ""))];
    return {
      state,
      pieces: state === "assumed" ? [...value, plain(definition.choices === undefined ? "(推定)" : " (推定)")] : value,
      evidence: [{ kind: "fact", no: fact.factNo }],
    };
  }
  if (!isFactAsked(definition, (other) => codeOf(ground, other) ?? derivedCode(ground, other)?.value ?? null)) {
    return { state: "not-applicable", pieces: [plain(notApplicable)], evidence: [] };
  }
  const derived = fact === undefined ? derive(ground, definition) : null;
  if (derived !== null) {
    return derived;
  }
  const evidence: Evidence[] = fact === undefined ? [] : [{ kind: "fact", no: fact.factNo }];
  return { state: "unknown", pieces: [plain(definition.choices === undefined ? notKnown : `${codeText(definition, "")} ${notKnown}`)], evidence };
}

function judged(ground: Ground): { facts: Ground["facts"]; playbook: PlaybookKey; scope: JudgedScope | null } {
  return { facts: ground.facts, playbook: ground.playbook, scope: ground.scope };
}

/** `■氏名 □生年月日`: the form has every choice with a box. */
function codeText(definition: FactDefinition, value: string): string {
  switch (definition.type) {
    case "choice": {
      const chosen = new Set(value.split(","));
      return (definition.choices ?? []).map((one) => `${chosen.has(one.key) ? "■" : "□"}${one.ja}`).join(" ");
    }
    case "date":
      return dayText(value);
    case "number":
      return `${countText(Number(value))}人`;
    case "text":
      return value;
  }
}

function derive(ground: Ground, definition: FactDefinition): Told | null {
  const { scope, judgement } = ground;
  const onRun: Evidence[] =
    scope === null
      ? []
      : [
          { kind: "scope-run", no: scope.runNo },
          { kind: "event", no: scope.asOfEvent },
        ];
  const derived = (text: string, evidence: readonly Evidence[] = [], isToBeChecked = false): Told => ({
    state: "derived",
    pieces: [plain(text)],
    evidence,
    isToBeChecked,
  });
  switch (definition.key) {
    case "reporter.name":
      return ground.organisation === "" ? null : derived(ground.organisation);
    case "outline.limbs":
      return limbsTold(ground);
    case "outline.course":
      return courseTold(ground);
    case "items.fieldsOther": {
      const others = otherFieldsOf(scope);
      return others.length === 0 ? null : derived(others.map((field) => ground.fieldNames.get(field) ?? field).join("、"), onRun);
    }
    case "persons.total": {
      const persons = judgement.persons;
      return persons === null ? null : derived(personsText(persons.atLeast, persons.atMost, scope), onRun);
    }
    case "persons.sensitive":
      return scope === null || !scope.isVerified ? null : derived(`${countText(scope.sensitive)}人`, onRun, true);
    case "response.method": {
      const sentence = ground.notices === undefined || ground.notices === null ? null : noticeSentence(ground.notices);
      return sentence === null ? null : derived(sentence, onNotices(ground));
    }
    case "response.state":
    case "response.doneOn": {
      const code = derivedCode(ground, definition.key);
      return code === null ? null : derived(codeText(definition, code.value), onNotices(ground), true);
    }
    default: {
      const code = derivedCode(ground, definition.key);
      return code === null ? null : derived(codeText(definition, code.value), code.isFromScope ? onRun : [], true);
    }
  }
}

function onNotices({ notices }: Ground): Evidence[] {
  return notices?.lastEvent === null || notices?.lastEvent === undefined ? [] : [{ kind: "event", no: notices.lastEvent }];
}

/** What the cause is before anybody examined it, by the case that was opened; a loss may be a theft, of a contractor nothing is known. */
const causesOfPlaybooks: Readonly<Record<PlaybookKey, string | null>> = {
  malware: "unauthorised-access",
  "unauthorised-access": "unauthorised-access",
  misdirected: "missending",
  "web-exposure": "other",
  "loss-theft": null,
  insider: "staff",
  contractor: null,
  ransomware: "unauthorised-access",
};

/** What the case that was opened says as long as nobody stated anything of it, and be it that it is not known. */
export function presumed(ground: Ground, key: string): string | null {
  return ground.facts.has(key) ? null : presumedFact(key, ground.playbook);
}

/** A code that nobody stated, as the scope, the case or the moment of knowing gives it. Each is to be checked. */
function derivedCode(ground: Ground, key: string): { readonly value: string; readonly isFromScope: boolean } | null {
  const { scope } = ground;
  const known = (value: string | null | undefined, isFromScope: boolean) => (value === null || value === undefined ? null : { value, isFromScope });
  const hasPeople = scope !== null && scope.confirmed + scope.possible > 0;
  switch (key) {
    case "outline.discoveredOn":
      return known(dayInJapan(ground.knownAt), false);
    case "outline.leak":
      return known(hasPeople ? (scope.confirmed > 0 ? "certain" : "possible") : null, true);
    case "outline.consignor":
      return known(ground.consignors === undefined || ground.consignors === null ? null : "yes", true);
    case "items.media":
      return known(hasPeople ? "electronic" : null, true);
    case "items.subjects":
      return known(hasPeople ? "customer" : null, true);
    case "items.fields":
      return known(itemsOf(judged(ground))?.items.join(","), true);
    case "response.state":
      return known(ground.notices === undefined || ground.notices === null ? null : noticeState(ground.notices), false);
    case "response.doneOn": {
      const { notices } = ground;
      const isDone = notices !== undefined && notices !== null && noticeState(notices) === "done";
      return known(isDone && notices.lastAt !== null ? dayInJapan(notices.lastAt) : null, false);
    }
    case "cause.kind":
      return known(causesOfPlaybooks[ground.playbook], false);
    default:
      return known(presumed(ground, key), false);
  }
}

function personsText(atLeast: number, atMost: number, scope: JudgedScope | null): string {
  const possible = atMost - atLeast;
  return `${countText(atMost)}人${possible > 0 ? `(うち漏えいの可能性がある者 ${countText(possible)}人)` : ""}${
    scope === null || scope.isVerified ? "" : scope.isPending ? "(検証中の数値)" : "(記録簿を検証できず、除外していない数値)"
  }`;
}

function limbsTold({ judgement }: Ground): Told | null {
  if (judgement.limbs.length === 0 || judgement.limbs.every((limb) => limb.applies === "unknown")) {
    return null;
  }
  const marks = { yes: "■", no: "□", unknown: "□" } as const;
  const isNone = judgement.overall === "not-reportable";
  const text = [
    ...judgement.limbs.map((limb) => `${isNone ? "□" : marks[limb.applies]}${limb.no}号${limb.applies === "unknown" ? "(調査中)" : ""}`),
    `${isNone ? "■" : "□"}非該当(上記に該当しない場合の報告)`,
  ].join(" ");
  const runs = [...new Set(judgement.limbs.flatMap((limb) => limb.reasons.map((reason) => reason.runNo)).filter((no) => no !== null))];
  return { state: "derived", pieces: [plain(text)], evidence: runs.map((no) => ({ kind: "scope-run", no })), isToBeChecked: true };
}

function courseTold(ground: Ground): Told | null {
  const known = { at: ground.knownAt, pieces: [plain("当社が事態を知った。")] as readonly Piece[], evidence: [] as readonly Evidence[] };
  const written = ground.notes.map((note) => ({
    at: note.happenedAt,
    pieces: [{ kind: "note", no: note.noteNo }] as readonly Piece[],
    evidence: [{ kind: "note", no: note.noteNo }] as readonly Evidence[],
  }));
  const lines = [known, ...written].toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return {
    state: "derived",
    pieces: lines.flatMap((line, index) => [plain(`${index === 0 ? "" : "\n"}${momentText(line.at)} `), ...line.pieces]),
    evidence: lines.flatMap((line) => line.evidence),
  };
}

/** How many people the letters go to, as the screen says it. */
export function personsNow(ground: Ground): { atLeast: number; atMost: number } | null {
  return personsOf(judged(ground));
}

const entry = (key: string, label: string | null, told: Told, more: Partial<Entry> = {}): Entry => ({
  key,
  label,
  state: told.state,
  pieces: told.pieces,
  evidence: told.evidence,
  isToBeChecked: told.isToBeChecked ?? false,
  isEditable: false,
  isInternal: false,
  ...more,
});

/** A row of a form: a fact under its own name, or another. */
export function factRow(ground: Ground, key: string, label?: string): Entry {
  return entry(key, label ?? factDefinition(key)?.ja ?? key, tellFact(ground, key));
}

/** A row whose value the template says. */
export function wordsRow(key: string, label: string, text: string, more: Partial<Entry> = {}): Entry {
  return entry(key, label, { state: "words", pieces: [plain(text)], evidence: [] }, more);
}

export function toldRow(key: string, label: string | null, told: Told, more: Partial<Entry> = {}): Entry {
  return entry(key, label, told, more);
}

/** A passage of running text, which may be replaced by words of one's own. */
export function passage(key: string, ...parts: readonly (string | Told)[]): Entry {
  const told = parts.filter((part): part is Told => typeof part !== "string");
  return entry(
    key,
    null,
    {
      state: told.some((part) => part.state === "unknown") ? "unknown" : told.length > 0 ? "derived" : "words",
      pieces: parts.flatMap((part) => (typeof part === "string" ? [plain(part)] : part.pieces)),
      evidence: told.flatMap((part) => part.evidence),
      isToBeChecked: told.some((part) => part.isToBeChecked === true),
    },
    { isEditable: true },
  );
}

/** A choice in running text, without the boxes of the form: 「氏名、住所」. */
export function tellChoice(ground: Ground, key: string, locale: "ja" | "en" = "ja"): Told {
  const told = tellFact(ground, key);
  const definition = factDefinition(key);
  const value = codeOf(ground, key) ?? derivedCode(ground, key)?.value ?? null;
  if (value === null || definition?.choices === undefined) {
    return { ...told, pieces: told.state === "unknown" ? [plain(locale === "ja" ? "現在調査中です" : "under investigation")] : told.pieces };
  }
  const keys = value.split(",").filter((one) => one !== "other" || key !== "items.fields");
  const names = keys.map((one) => definition.choices?.find((choice) => choice.key === one)?.[locale] ?? one);
  const others = key === "items.fields" ? otherFieldsOf(ground.scope).map((field) => ground.fieldNames.get(field) ?? field) : [];
  const all = codeOf(ground, key) === null && locale === "ja" ? [...names, ...others] : names;
  return { ...told, pieces: [plain(all.join(locale === "ja" ? "、" : ", "))] };
}

/** A fact in running text; what is not known is 「調査中」 there. */
export function tellText(ground: Ground, key: string, unknown = "現在調査中です。"): Told {
  const told = tellFact(ground, key);
  return told.state === "unknown" || told.state === "not-applicable" ? { ...told, pieces: [plain(unknown)] } : told;
}
