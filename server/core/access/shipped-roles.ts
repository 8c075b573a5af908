import type { FieldClass, Grant, Kind, Level, RoleDefinition, Scope } from "#shared/rights.ts";

function grant(kind: Kind, scope: Scope, given: Partial<Record<FieldClass, Level>>, masked: FieldClass[] = []): Grant {
  return {
    kind,
    scope,
    levels: {
      open: given.open ?? "none",
      internal: given.internal ?? "none",
      personal: given.personal ?? "none",
      sensitive: given.sensitive ?? "none",
    },
    masked,
  };
}

/** Whoever works with customers also sees who owns them and which company they belong to. */
const workplace: readonly Grant[] = [
  grant("company", "all", { open: "write", internal: "write" }),
  grant("account", "all", { open: "read", internal: "read" }),
];

/** Own customers in full; colleagues' ones can be answered for, their numbers and addresses masked until revealed. Bank accounts and considerations are not needed to sell. */
const sales: RoleDefinition = {
  key: "sales",
  labelJa: "営業",
  labelEn: "Sales",
  grants: [
    grant("customer", "own", { open: "write", internal: "write", personal: "write" }),
    grant("customer", "department", { open: "read", internal: "read", personal: "read" }, ["personal"]),
    ...workplace,
  ],
  verbs: ["create", "reveal", "contact", "export", "print"],
  purposes: ["inquiry", "sales", "delivery", "contract", "correction"],
};

/** Keeps the department's customers in order, so writes them all; sensitive values one at a time, with a purpose. Does not sell, so has no purpose "sales". */
const office: RoleDefinition = {
  key: "office",
  labelJa: "営業事務",
  labelEn: "Sales office",
  grants: [grant("customer", "department", { open: "write", internal: "write", personal: "write", sensitive: "read" }, ["sensitive"]), ...workplace],
  verbs: ["create", "delete", "reveal", "contact", "import", "bulk", "export", "print"],
  purposes: ["inquiry", "delivery", "contract", "correction"],
};

/**
 * As the office, acts on many at once, and sees who saw a customer of the department. Not the ledger: that verb has no scope,
 * it opens the record of every department's staff with what they searched; supervision of people is the officer's and the
 * auditor's, as staff are told (web/monitoring).
 */
const manager: RoleDefinition = {
  key: "manager",
  labelJa: "管理職",
  labelEn: "Manager",
  grants: [grant("customer", "department", { open: "write", internal: "write", personal: "write", sensitive: "read" }, ["sensitive"]), ...workplace],
  verbs: ["create", "delete", "reveal", "contact", "import", "bulk", "export", "print", "approve", "read-exposures"],
  purposes: ["inquiry", "sales", "delivery", "contract", "correction"],
};

/** Must be able to look into any case, so reads everything, masked, and reveals for audit and to answer a person only; changes no record and gives no account: whoever consents does not also ask. */
const privacyOfficer: RoleDefinition = {
  key: "privacy-officer",
  labelJa: "個人情報保護管理者",
  labelEn: "Privacy officer",
  grants: [
    grant("customer", "all", { open: "read", internal: "read", personal: "read", sensitive: "read" }, ["personal", "sensitive"]),
    grant("company", "all", { open: "read", internal: "read", personal: "read", sensitive: "read" }, ["personal", "sensitive"]),
    grant("account", "all", { open: "read", internal: "read" }),
  ],
  verbs: [
    "reveal",
    "approve",
    "answer-person",
    "manage-fields",
    "consent-rights",
    "read-exposures",
    "read-ledger",
    "verify-ledger",
    "handle-incidents",
    "take-measures",
    "keep-evidence",
    "answer-callers",
  ],
  purposes: ["audit", "person-request"],
};

/**
 * Looks after accounts, roles, backups, and reads nothing of customers or companies. Not the ledger: its events show
 * what was searched for, which is personal; that it is whole can be verified without reading it.
 */
const systemAdministrator: RoleDefinition = {
  key: "system-administrator",
  labelJa: "システム管理者",
  labelEn: "System administrator",
  grants: [grant("account", "all", { open: "write", internal: "write" })],
  verbs: ["manage-accounts", "manage-roles", "verify-ledger", "run-backup", "take-measures"],
  purposes: [],
};

/** Wants to know how safe the storehouse is, not who is in it: the names of companies, no person. */
const executive: RoleDefinition = {
  key: "executive",
  labelJa: "経営者",
  labelEn: "Executive",
  grants: [grant("company", "all", { open: "read" })],
  verbs: [],
  purposes: [],
};

/** Verifies without trusting us: the whole ledger with the names of staff who acted, no customer. */
const auditor: RoleDefinition = {
  key: "auditor",
  labelJa: "監査人",
  labelEn: "Auditor",
  grants: [grant("account", "all", { open: "read", internal: "read" })],
  verbs: ["read-exposures", "read-ledger", "verify-ledger"],
  purposes: [],
};

/** Answers callers about an incident: compares what they state without seeing what is registered, and reads nothing. */
const deskOperator: RoleDefinition = {
  key: "desk-operator",
  labelJa: "窓口",
  labelEn: "Desk operator",
  grants: [],
  verbs: ["answer-callers"],
  purposes: [],
};

/** Gets just the rows of the job; reads nothing until such rows can be named. */
const contractor: RoleDefinition = {
  key: "contractor",
  labelJa: "委託先",
  labelEn: "Contractor",
  grants: [],
  verbs: [],
  purposes: [],
};

/** The roles the product comes with. Least privilege; each is data like any other role, and may be changed. */
export const shippedRoles: readonly RoleDefinition[] = [
  sales,
  office,
  manager,
  privacyOfficer,
  systemAdministrator,
  executive,
  auditor,
  deskOperator,
  contractor,
];
