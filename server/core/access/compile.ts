import { fieldClasses, kinds, levels, purposes, verbs } from "#shared/rights.ts";
import type { Access, FieldClass, Grant, Kind, Level, Purpose, RoleDefinition, Verb } from "#shared/rights.ts";

/**
 * How a row stands to an account, as bits: 1 = its owner is the account, 2 = its cell is one of the account's cells.
 * A grant with scope `all` matches every relation. More bits never mean fewer rights.
 */
export type Relation = 0 | 1 | 2 | 3;
export const unrelated: Relation = 0;
export const own: Relation = 1;
export const inCells: Relation = 2;
/** Both bits: the most an account may do with any row. */
export const closest: Relation = 3;
export const relations: readonly Relation[] = [0, 1, 2, 3];

/**
 * What an account may do: the union of the grants of its roles, compiled.
 *
 * `table` holds one word for each kind × relation (index `kind * 4 + relation`) with three bits for each field class,
 * lowest class first: two bits level (0 none, 1 read, 2 write), one bit "shown unmasked".
 */
export interface Rights {
  readonly accountNo: number;
  readonly cells: ReadonlySet<number>;
  readonly table: Uint16Array;
  /** Bit n = `verbs[n]`. */
  readonly verbs: number;
  /** Bit n = `purposes[n]`. */
  readonly purposes: number;
}

/** Level on one class of one row, and whether fields that have a mask are shown masked. `none` is always masked. */
export interface ClassRight {
  readonly level: Level;
  readonly masked: boolean;
}

const bitsPerClass = 3;
const levelBits = 0b011;
const unmaskedBit = 0b100;

/** Every possible three bits, so that a decision allocates nothing. */
const classRights: readonly ClassRight[] = Array.from({ length: 8 }, (_, bits) => ({
  level: levels[bits & levelBits] ?? "none",
  masked: (bits & unmaskedBit) === 0,
}));

function bitsOf<T>(given: readonly T[], all: readonly T[]): number {
  let bits = 0;
  for (const one of given) {
    const at = all.indexOf(one);
    if (at >= 0) bits |= 1 << at;
  }
  return bits;
}

function matches(grant: Grant, relation: Relation): boolean {
  switch (grant.scope) {
    case "all":
      return true;
    case "own":
      return (relation & own) !== 0;
    case "department":
      return (relation & inCells) !== 0;
    default:
      return false;
  }
}

function wordOf(grants: readonly Grant[]): number {
  let word = 0;
  fieldClasses.forEach((fieldClass, at) => {
    let level = 0;
    let unmasked = 0;
    for (const grant of grants) {
      const granted = Math.max(0, levels.indexOf(grant.levels[fieldClass]));
      level = Math.max(level, granted);
      if (granted > 0 && !grant.masked.includes(fieldClass)) unmasked = unmaskedBit;
    }
    word |= (level | unmasked) << (at * bitsPerClass);
  });
  return word;
}

/**
 * The union of the grants of `roles` for one account. For each kind, relation and class the level is the highest of the
 * matching grants; the class is unmasked if some matching grant reads it without masking it.
 * Names that this release does not know (of a later policy) grant nothing.
 */
export function compileRights(given: { roles: readonly RoleDefinition[]; accountNo: number; cells: readonly number[] }): Rights {
  const grants = given.roles.flatMap((role) => role.grants);
  const table = new Uint16Array(kinds.length * relations.length);
  kinds.forEach((kind, kindAt) => {
    for (const relation of relations) {
      const matching = grants.filter((grant) => grant.kind === kind && matches(grant, relation));
      table[kindAt * relations.length + relation] = wordOf(matching);
    }
  });
  return {
    accountNo: given.accountNo,
    cells: new Set(given.cells),
    table,
    verbs: bitsOf(
      given.roles.flatMap((role) => role.verbs),
      verbs,
    ),
    purposes: bitsOf(
      given.roles.flatMap((role) => role.purposes),
      purposes,
    ),
  };
}

/** The rights of whoever is not an account: none. */
export const noRights: Rights = compileRights({ roles: [], accountNo: 0, cells: [] });

function wordAt(rights: Rights, kind: Kind, relation: Relation): number {
  return rights.table[kinds.indexOf(kind) * relations.length + relation] ?? 0;
}

/** A decision in constant time: what may be done with `fieldClass` of a row of `kind` that stands in `relation`. */
export function levelOf(rights: Rights, kind: Kind, relation: Relation, fieldClass: FieldClass): ClassRight {
  const bits = (wordAt(rights, kind, relation) >> (fieldClasses.indexOf(fieldClass) * bitsPerClass)) & 0b111;
  return classRights[bits] as ClassRight;
}

/** How a row stands to the account. For a member of staff as the row, `ownerNo` is the member's own number. */
export function relationOf(rights: Rights, row: { readonly ownerNo: number | null; readonly cellNo: number | null }): Relation {
  const isOwn = row.ownerNo !== null && row.ownerNo === rights.accountNo && rights.accountNo > 0;
  const isInCells = row.cellNo !== null && rights.cells.has(row.cellNo);
  return ((isOwn ? own : 0) | (isInCells ? inCells : 0)) as Relation;
}

export function canRead(right: ClassRight): boolean {
  return right.level !== "none";
}

export function canWrite(right: ClassRight): boolean {
  return right.level === "write";
}

/** A row no class of which is readable is invisible: it is `not-found`, never `not-permitted`. */
export function isVisible(rights: Rights, kind: Kind, relation: Relation): boolean {
  return fieldClasses.some((fieldClass) => canRead(levelOf(rights, kind, relation, fieldClass)));
}

export function hasVerb(rights: Rights, verb: Verb): boolean {
  const at = verbs.indexOf(verb);
  return at >= 0 && (rights.verbs & (1 << at)) !== 0;
}

export function hasPurpose(rights: Rights, purpose: Purpose): boolean {
  const at = purposes.indexOf(purpose);
  return at >= 0 && (rights.purposes & (1 << at)) !== 0;
}

/** Whether a masked value of `fieldClass` may be shown in full for `purpose`: readable, the verb, and the purpose. */
export function mayReveal(rights: Rights, kind: Kind, relation: Relation, fieldClass: FieldClass, purpose: Purpose): boolean {
  return hasVerb(rights, "reveal") && hasPurpose(rights, purpose) && canRead(levelOf(rights, kind, relation, fieldClass));
}

/** Whether an account answers callers and has no other right: nothing of the product but the desk is open to it. */
export function isAtDeskAlone(rights: Rights): boolean {
  return rights.verbs === 1 << verbs.indexOf("answer-callers") && rights.purposes === 0 && rights.table.every((word) => word === 0);
}

const kindAccess = new Map<Access, { kind: Kind; level: "read" | "write" }>(
  kinds.flatMap((kind) => [[`${kind}.read`, { kind, level: "read" }] as const, [`${kind}.write`, { kind, level: "write" }] as const]),
);

/**
 * The first gate of an endpoint, for a caller who is signed in (`signed-in` passes: ask the session, not the rights).
 * `K.read` / `K.write` pass when some class of kind K is granted in some scope; the row decides again.
 */
export function mayCall(rights: Rights, access: Access): boolean {
  if (access === "anyone" || access === "own-session") return true;
  if (access === "signed-in") return !isAtDeskAlone(rights);
  const asked = kindAccess.get(access);
  if (asked === undefined) return hasVerb(rights, access as Verb);
  const isEnough = asked.level === "read" ? canRead : canWrite;
  return fieldClasses.some((fieldClass) => isEnough(levelOf(rights, asked.kind, closest, fieldClass)));
}

/**
 * Which rows: every one (`all`), those in one's cells, one's own. `all` sets the others too. A row belongs to the scope
 * when one of the flags that are set fits it.
 */
export interface RowScope {
  readonly all: boolean;
  readonly cells: boolean;
  readonly own: boolean;
}

function scopeWhere(holds: (relation: Relation) => boolean): RowScope {
  return { all: holds(unrelated), cells: holds(inCells), own: holds(own) };
}

/** The rows of `kind` of which at least one class is readable. */
export function visibleScope(rights: Rights, kind: Kind): RowScope {
  return scopeWhere((relation) => isVisible(rights, kind, relation));
}

/** What is asked of a class. Masking is about reading, so it is not combined with `write`. */
export type ClassNeed = { readonly level: "read"; readonly unmasked?: boolean } | { readonly level: "write" };

/** The rows of `kind` whose `fieldClass` is readable, readable unmasked, or writable. */
export function scopeFor(rights: Rights, kind: Kind, fieldClass: FieldClass, need: ClassNeed): RowScope {
  return scopeWhere((relation) => {
    const right = levelOf(rights, kind, relation, fieldClass);
    if (need.level === "write") return canWrite(right);
    return canRead(right) && !(need.unmasked === true && right.masked);
  });
}
