import type { RefusalCode } from "#web/call.ts";
import type { ArticleSlug } from "#web/help/article-order.ts";

/** Where each refusal is explained. */
export const articleOfRefusal: Readonly<Record<RefusalCode, ArticleSlug>> = {
  "invalid-input": "editing",
  "not-signed-in": "password",
  "wrong-credentials": "first-login",
  "try-later": "first-login",
  "not-permitted": "roles",
  "cross-site": "refusals",
  "not-found": "refusals",
  conflict: "editing",
  "card-number": "card-numbers",
  "corporate-number": "companies",
  "weak-password": "password",
  "use-suspended": "suspension-erasure",
  "awaits-approval": "approvals",
  "list-closed": "take-out",
  "purpose-needed": "masks",
  "not-searchable": "finding-people",
  "needs-consent": "roles",
  "file-too-large": "import-file",
  "file-unreadable": "import-file",
  "too-many-requests": "refusals",
  "ledger-unavailable": "outage",
  "storehouse-unavailable": "outage",
  "ledger-unsound": "support",
  "was-seen": "refusals",
  unexpected: "support",
  unreachable: "outage",
};
