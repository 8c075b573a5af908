import { fieldClasses, type FieldClass, type Kind, type RoleDefinition } from "#shared/rights.ts";
import {
  firstOwnFieldNo,
  searchForms,
  standardFields,
  type FieldChoice,
  type FieldPlace,
  type FieldType,
  type IndexState,
  type Mask,
  type StandardField,
} from "#shared/fields.ts";
import { compileRights, type Rights } from "./compile.ts";
import type { Db } from "./db.ts";

/** A field with its class as it holds now. While it is resealed, `class` is the stricter of the old and the new one. */
export interface Field {
  readonly no: number;
  readonly key: string;
  readonly kind: Kind;
  readonly ja: string;
  readonly en: string;
  readonly class: FieldClass;
  readonly targetClass: FieldClass | null;
  /** Numbers of the classes whose blobs may hold it. */
  readonly storedClasses: readonly number[];
  readonly type: FieldType;
  readonly mask: Mask;
  /** Whether a search asks it: every value has its tokens. */
  readonly searchable: boolean;
  readonly indexing: IndexState;
  /** Its number in tokens, while any may bear it; of standard fields that of the field. */
  readonly tokenNo: number | null;
  /** How new values stand in the blind index; null when they do not. */
  readonly indexedAs: { readonly no: number; readonly type: FieldType } | null;
  readonly place: FieldPlace;
  /** Added by the organisation. */
  readonly isOwn: boolean;
  /** Out of use: its values stay, and nobody types new ones. */
  readonly isArchived: boolean;
  readonly isRequired: boolean;
  readonly choices: readonly FieldChoice[];
  readonly sectionNo: number | null;
}

/** Fields that stand together in forms, as the organisation put them. */
export interface FieldSection {
  readonly sectionNo: number;
  readonly kind: Kind;
  readonly ja: string;
  readonly en: string;
}

export interface DepartmentNode {
  readonly departmentNo: number;
  readonly parentNo: number | null;
  readonly cells: readonly number[];
}

/** The whole policy of one version: fields, roles, departments. Immutable; a new version is a new object. */
export interface Policy {
  readonly version: number;
  /** In the order in which the organisation wants to see them. */
  readonly fields: readonly Field[];
  readonly sections: readonly FieldSection[];
  readonly roles: ReadonlyMap<string, RoleDefinition>;
  readonly shippedRoles: ReadonlySet<string>;
  readonly departments: ReadonlyMap<number, DepartmentNode>;
  readonly rolesOf: ReadonlyMap<number, readonly string[]>;
  readonly departmentOf: ReadonlyMap<number, number | null>;
  readonly rightsCache: Map<number, Rights>;
}

export function fieldOf(policy: Policy, kind: Kind, key: string): Field | undefined {
  let index = indexes.get(policy);
  if (index === undefined) {
    index = new Map();
    for (const field of policy.fields) {
      const ofKind = index.get(field.kind) ?? new Map<string, Field>();
      index.set(field.kind, ofKind.set(field.key, field));
    }
    indexes.set(policy, index);
  }
  return index.get(kind)?.get(key);
}

/** The fields of a kind in use whose values stand in the record itself: what forms, imports, columns and pages show. */
export function recordFieldsOf(policy: Policy, kind: Kind): readonly Field[] {
  return policy.fields.filter((field) => field.kind === kind && isInRecord(field));
}

function isInRecord(field: Field): boolean {
  return field.place === "record" && !field.isArchived;
}

/** A field in use whose values stand in the record itself; undefined for any other key. */
export function recordFieldOf(policy: Policy, kind: Kind, key: string): Field | undefined {
  const field = fieldOf(policy, kind, key);
  return field !== undefined && isInRecord(field) ? field : undefined;
}

const indexes = new WeakMap<Policy, Map<Kind, Map<string, Field>>>();

/** Reads the policy as the transaction of `db` sees it; again when it was changed between two of its reads. */
export async function loadPolicy(db: Db): Promise<Policy> {
  for (;;) {
    const policy = await readPolicy(db);
    const [after] = await db.query<{ policy_version: number }>("select policy_version from organisation");
    if (after?.policy_version === policy.version) {
      return policy;
    }
  }
}

interface FieldRow {
  field_no: number;
  kind: Kind;
  key: string;
  class: number;
  target_class: number | null;
  stored_classes: number[];
  type: FieldType | null;
  label_ja: string | null;
  label_en: string | null;
  mask: Mask | null;
  choices: FieldChoice[];
  is_required: boolean;
  is_archived: boolean;
  section_no: number | null;
  token_no: number | null;
  indexing: IndexState;
}

const standardByNo = new Map<number, StandardField>(standardFields.map((field) => [field.no, field]));

/** Undefined for a standard field that this version of the product does not know. */
function fieldOfRow(row: FieldRow): Field | undefined {
  const standard = standardByNo.get(row.field_no);
  if (standard === undefined && row.field_no < firstOwnFieldNo) {
    return undefined;
  }
  const type = standard?.type ?? row.type ?? "text";
  const indexing: IndexState = standard === undefined ? row.indexing : standard.searchable ? "ready" : "none";
  const isIndexed = indexing === "ready" || indexing === "building";
  return {
    no: row.field_no,
    key: row.key,
    kind: row.kind,
    ja: row.label_ja ?? standard?.ja ?? row.key,
    en: row.label_en ?? standard?.en ?? row.key,
    class: fieldClasses[Math.max(row.class, row.target_class ?? 0)] as FieldClass,
    targetClass: row.target_class === null ? null : (fieldClasses[row.target_class] as FieldClass),
    storedClasses: row.stored_classes,
    type,
    mask: row.mask ?? standard?.mask ?? "none",
    searchable: indexing === "ready" && !row.is_archived,
    indexing,
    tokenNo: standard === undefined ? row.token_no : standard.searchable ? row.field_no : null,
    indexedAs: isIndexed ? { no: row.token_no ?? row.field_no, type: standard === undefined ? (searchForms[type] ?? type) : type } : null,
    place: standard?.place ?? "record",
    isOwn: standard === undefined,
    isArchived: row.is_archived,
    isRequired: row.is_required,
    choices: row.choices,
    sectionNo: row.section_no,
  };
}

async function readPolicy(db: Db): Promise<Policy> {
  const [organisation] = await db.query<{ policy_version: number }>("select policy_version from organisation");
  const roleRows = await db.query<{ role_key: string; definition: RoleDefinition; is_shipped: boolean }>("select role_key, definition, is_shipped from roles");
  const departmentRows = await db.query<{ department_no: number; parent_no: number | null; cells: number[] }>(
    `select d.department_no, d.parent_no, coalesce(array_agg(c.cell_no) filter (where c.cell_no is not null), '{}') as cells
       from departments d left join cells c using (department_no) group by d.department_no`,
  );
  const members = await db.query<{ account_no: number; department_no: number | null; roles: string[] }>(
    `select a.account_no, a.department_no, coalesce(array_agg(r.role_key order by r.role_key) filter (where r.role_key is not null), '{}') as roles
       from accounts a left join account_roles r using (account_no) group by a.account_no`,
  );
  const fieldRows = await db.query<FieldRow>(
    `select field_no, kind, key, class, target_class, stored_classes, type, label_ja, label_en, mask, choices, is_required, is_archived, section_no, token_no, indexing
       from fields order by coalesce(position, field_no), field_no`,
  );
  const sections = await db.query<{ section_no: number; kind: Kind; label_ja: string; label_en: string }>(
    "select section_no, kind, label_ja, label_en from field_sections order by position, section_no",
  );
  return {
    version: organisation?.policy_version ?? 0,
    fields: fieldRows.flatMap((row) => fieldOfRow(row) ?? []),
    sections: sections.map((row) => ({ sectionNo: row.section_no, kind: row.kind, ja: row.label_ja, en: row.label_en })),
    roles: new Map(roleRows.map((row) => [row.role_key, row.definition])),
    shippedRoles: new Set(roleRows.filter((row) => row.is_shipped).map((row) => row.role_key)),
    departments: new Map(departmentRows.map((row) => [row.department_no, { departmentNo: row.department_no, parentNo: row.parent_no, cells: row.cells }])),
    rolesOf: new Map(members.map((row) => [row.account_no, row.roles])),
    departmentOf: new Map(members.map((row) => [row.account_no, row.department_no])),
    rightsCache: new Map(),
  };
}

/** The cells of a department and of all below it. */
export function cellsBelow(policy: Pick<Policy, "departments">, departmentNo: number | null): number[] {
  if (departmentNo === null) {
    return [];
  }
  const cells: number[] = [];
  const waiting = [departmentNo];
  const seen = new Set<number>();
  while (waiting.length > 0) {
    const next = waiting.pop() as number;
    if (seen.has(next)) {
      continue;
    }
    seen.add(next);
    cells.push(...(policy.departments.get(next)?.cells ?? []));
    for (const department of policy.departments.values()) {
      if (department.parentNo === next) {
        waiting.push(department.departmentNo);
      }
    }
  }
  return cells.toSorted((a, b) => a - b);
}

/** What the rights of accounts come from. */
export type RightsSource = Pick<Policy, "roles" | "departments" | "rolesOf" | "departmentOf" | "rightsCache">;

/** The rights of an account under this policy. Compiled once a version. */
export function rightsOf(policy: RightsSource, accountNo: number): Rights {
  let rights = policy.rightsCache.get(accountNo);
  if (rights === undefined) {
    const roles = (policy.rolesOf.get(accountNo) ?? []).flatMap((key) => policy.roles.get(key) ?? []);
    rights = compileRights({ roles, accountNo, cells: cellsBelow(policy, policy.departmentOf.get(accountNo) ?? null) });
    policy.rightsCache.set(accountNo, rights);
  }
  return rights;
}
