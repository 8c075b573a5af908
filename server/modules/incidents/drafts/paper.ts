import type { PaperKey } from "#shared/incident-papers.ts";

/**
 * A part of a value. Words of the templates, numbers, days and codes stand as they are; what somebody typed stands sealed
 * elsewhere and is named by its number, so that a version of a paper holds no typed word and still reads the same for ever.
 */
export type Piece =
  | { readonly kind: "plain"; readonly text: string }
  | { readonly kind: "fact"; readonly no: number }
  | { readonly kind: "passage"; readonly no: number }
  | { readonly kind: "note"; readonly no: number };

/** What a value rests on. */
export interface Evidence {
  readonly kind: "fact" | "note" | "scope-run" | "event";
  readonly no: number;
}

/**
 * - `stated`  somebody stated it, or wrote it
 * - `assumed` stated as an assumption (推定)
 * - `derived` computed: from the scope, the judgement, the timeline
 * - `unknown` not known (不明)
 * - `not-applicable` not asked, because of what was answered elsewhere
 * - `words`   words of the template
 */
export const entryStates = ["stated", "assumed", "derived", "unknown", "not-applicable", "words"] as const;
export type EntryState = (typeof entryStates)[number];

export interface Entry {
  /** Unique in its paper, and the same in every version of it. */
  readonly key: string;
  /** Left column of a form; null: running text. */
  readonly label: string | null;
  readonly state: EntryState;
  readonly pieces: readonly Piece[];
  readonly evidence: readonly Evidence[];
  /** 「要確認」: rests on general knowledge. */
  readonly isToBeChecked: boolean;
  /** May be replaced by words of one's own. */
  readonly isEditable: boolean;
  /** On the screen alone: how many people get the letter. */
  readonly isInternal: boolean;
}

export interface Section {
  readonly key: string;
  readonly title: string | null;
  readonly entries: readonly Entry[];
}

/** One version of a paper, as it is stored. */
export interface Paper {
  readonly paper: PaperKey;
  readonly title: string;
  readonly locale: "ja" | "en";
  readonly isDrill: boolean;
  readonly sections: readonly Section[];
}

/** The entry by which a paper says that its figures are not verified yet. */
export const provisionalKey = "provisional";

/** Whether something that leaves rests on a run of the scope. */
export function citesScope({ sections }: Pick<Paper, "sections">): boolean {
  return sections.some((section) => section.entries.some((entry) => !entry.isInternal && entry.evidence.some(({ kind }) => kind === "scope-run")));
}

export function isProvisional({ sections }: Pick<Paper, "sections">): boolean {
  return sections.some(({ key }) => key === provisionalKey);
}

/** Keys of the entries that read otherwise in `next` than in `former`: changed, new, or gone. */
export function changedEntries(former: Paper | null, next: Paper): string[] {
  const before = wordings(former);
  const after = wordings(next);
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
}

/** Keys of what leaves in `paper` by the word of the scope, and what `now` says otherwise or not at all. The verification has a check of its own. */
export function movedFigures(paper: Paper, now: Paper): string[] {
  const told = paper.sections
    .filter(({ key }) => key !== provisionalKey)
    .flatMap(({ entries }) => entries)
    .filter((entry) => !entry.isInternal && entry.evidence.some(({ kind }) => kind === "scope-run"));
  const changed = new Set(changedEntries(paper, now));
  return told.map(({ key }) => key).filter((key) => changed.has(key));
}

function wordings(paper: Paper | null): ReadonlyMap<string, string> {
  const entries = paper?.sections.flatMap((section) => section.entries) ?? [];
  return new Map(entries.map((entry) => [entry.key, JSON.stringify([entry.label, entry.state, entry.isToBeChecked, ...entry.pieces.map(wordingOf)])]));
}

/** Not as JSON: the database gives the members of an object back in another order. */
function wordingOf(piece: Piece): string {
  return piece.kind === "plain" ? piece.text : `${piece.kind}\u0000${piece.no}`;
}

export function isPaperUnchanged(former: Paper | null, next: Paper): boolean {
  return former !== null && former.title === next.title && former.isDrill === next.isDrill && changedEntries(former, next).length === 0;
}
