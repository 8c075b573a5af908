import { fieldClasses, type FieldClass, type Kind, type RoleDefinition } from "#shared/rights.ts";
import { standardFields, type Mask, type FieldType, type StandardField } from "#shared/fields.ts";
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
  readonly searchable: boolean;
}

export interface DepartmentNode {
  readonly departmentNo: number;
  readonly parentNo: number | null;
  readonly cells: readonly number[];
}

/** The whole policy of one version: fields, roles, departments. Immutable; a new version is a new object. */
export interface Policy {
  readonly version: number;
  readonly fields: readonly Field[];
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
  const fieldRows = await db.query<{ field_no: number; kind: Kind; key: string; class: number; target_class: number | null; stored_classes: number[] }>(
    "select field_no, kind, key, class, target_class, stored_classes from fields",
  );
  const standardByNo = new Map<number, StandardField>(standardFields.map((field) => [field.no, field]));
  return {
    version: organisation?.policy_version ?? 0,
    fields: fieldRows
      .flatMap((row): Field[] => {
        const standard = standardByNo.get(row.field_no);
        return standard === undefined
          ? []
          : [
              {
                ...standard,
                class: fieldClasses[Math.max(row.class, row.target_class ?? 0)] as FieldClass,
                targetClass: row.target_class === null ? null : (fieldClasses[row.target_class] as FieldClass),
                storedClasses: row.stored_classes,
              },
            ];
      })
      .toSorted((a, b) => a.no - b.no),
    roles: new Map(roleRows.map((row) => [row.role_key, row.definition])),
    shippedRoles: new Set(roleRows.filter((row) => row.is_shipped).map((row) => row.role_key)),
    departments: new Map(departmentRows.map((row) => [row.department_no, { departmentNo: row.department_no, parentNo: row.parent_no, cells: row.cells }])),
    rolesOf: new Map(members.map((row) => [row.account_no, row.roles])),
    departmentOf: new Map(members.map((row) => [row.account_no, row.department_no])),
    rightsCache: new Map(),
  };
}

/** The cells of a department and of all below it. */
export function cellsBelow(policy: Policy, departmentNo: number | null): number[] {
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

/** The rights of an account under this policy. Compiled once a version. */
export function rightsOf(policy: Policy, accountNo: number): Rights {
  let rights = policy.rightsCache.get(accountNo);
  if (rights === undefined) {
    const roles = (policy.rolesOf.get(accountNo) ?? []).flatMap((key) => policy.roles.get(key) ?? []);
    rights = compileRights({ roles, accountNo, cells: cellsBelow(policy, policy.departmentOf.get(accountNo) ?? null) });
    policy.rightsCache.set(accountNo, rights);
  }
  return rights;
}
