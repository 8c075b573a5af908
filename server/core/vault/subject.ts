/**
 * What a key belongs to. Each subject (kind and number) has a key of its own, which dies with it. The order gives the
 * numbers that stand in key paths and in the additional data of every blob: append only.
 */
export const subjectKinds = ["customer", "company", "account", "import", "query", "ledger", "incident"] as const;
export type SubjectKind = (typeof subjectKinds)[number];

export interface Subject {
  readonly kind: SubjectKind;
  /** 0 to 2^40 - 1. Never given to another subject of its kind again. */
  readonly no: number;
}

const largestSubjectNo = 2 ** 40 - 1;

const kindNumbers: Readonly<Record<string, number>> = Object.fromEntries(subjectKinds.map((kind, index) => [kind, index + 1]));

/** The number of a kind in stored formats: 1 to 63. */
export function kindNumber(kind: SubjectKind): number {
  const number = kindNumbers[kind];
  if (number === undefined) throw new Error("unknown kind of subject");
  return number;
}

/** The path of a subject in a key tree: six bits of kind and 42 of number, as an integer below 2^48. */
export function subjectPath(subject: Subject): number {
  const { no } = subject;
  if (!Number.isSafeInteger(no) || no < 0 || no > largestSubjectNo) throw new Error("a subject's number lies outside 0 to 2^40 - 1");
  return kindNumber(subject.kind) * 2 ** 42 + no;
}
