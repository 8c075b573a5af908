import type { EventDeclaration } from "#server/core/ledger/index.ts";

/** A real event as an example: its header, and the kinds of records that its packed parts name. */
export interface EventExample {
  readonly header: Readonly<Record<string, unknown>>;
  readonly kinds: readonly string[];
}

export interface DocumentedModule {
  readonly name: string;
  readonly events: Readonly<Record<string, EventDeclaration>>;
  readonly routes: () => readonly { readonly event: string; readonly isQuiet?: boolean }[];
}

/** Types of routes that show no person: their events stand in the ledger only where a value was shown after all, or the act was refused. */
export function quietTypes(modules: readonly DocumentedModule[]): Set<string> {
  const routes = modules.flatMap((module) => module.routes());
  const loud = new Set(routes.filter((route) => route.isQuiet !== true).map((route) => route.event));
  return new Set(routes.map((route) => route.event).filter((type) => !loud.has(type)));
}

/** Every act that is recorded (product.md L1), and the types of event that say so. */
export const acts: readonly (readonly [act: string, types: readonly string[]])[] = [
  ["Viewing a person, a company, a list of them", ["customer.viewed", "customers.listed", "companies.listed", "company.viewed", "customer.timeline-viewed"]],
  ["Searching", ["customers.listed", "companies.listed", "duplicates.checked", "customers.counted"]],
  ["Revealing what is masked; using it unseen", ["customer.revealed", "customer.used"]],
  ["Creating, editing, undoing", ["customer.created", "customer.changed", "customer.edit-undone", "note.added", "purchase.added", "customer.merged"]],
  ["Changing many, importing", ["customers.bulk-started", "customers.bulk-batch", "import.started", "import.batch", "import.undone"]],
  ["Trash, erasure, disposal", ["customer.trashed", "customer.restored", "erasure.asked", "customer.erased", "disposal.asked", "erasure.done"]],
  ["Taking out as a file, printing", ["list.created", "list.asked-for", "list.downloaded", "list.password-shown", "labels.printed", "person.disclosed"]],
  ["Approving, refusing", ["list.asked-for", "erasure.asked", "labels.asked-for", "approval.decided", "consent.requested", "consent.decided"]],
  ["Signing in: each factor, success", ["session.password-accepted", "session.started"]],
  ["Signing in: failure, lock-out (`locked`), a wrong password asked for again", ["session.refused"]],
  ["Signing out, ended by hand, run out", ["session.ended", "session.revoked", "sessions.revoked", "session.expired"]],
  [
    "Enrolling, new factors, a new password",
    ["invitation.opened", "invitation.enrolling", "account.enrolled", "account.factor-reset", "account.password-changed"],
  ],
  ["Being told that work is recorded", ["monitoring.notice-shown", "monitoring.acknowledged", "monitoring.notice-changed"]],
  ["A refusal or failure of any act", ["(the act's own type, with `outcome` `refused` or `failed` and the fact `code`)"]],
  ["A refusal before any act: too many, too large, unreadable, no such route", ["request.refused"]],
  [
    "A change of rights",
    ["account.roles-changed", "account.department-changed", "account.disabled", "role.defined", "department.changed", "field.reclassed", "policy.installed"],
  ],
  ["Key use: unwrapped at start", ["storehouse.opened"]],
  [
    "Key use: copied, destroyed, the recovery key",
    ["keys.copied", "keys.copy-failed", "erasure.keys-destroyed", "office.recovered", "office.recovery-refused"],
  ],
  ["Backups and restores", ["backup.started", "backup.written", "backup.failed", "backup.restored"]],
  ["Migrations", ["storehouse.migrated"]],
  ["Start, stop, a start after an unclean end (`uncleanEnds`)", ["storehouse.opened", "storehouse.closed"]],
  ["Clocks", ["clock.changed"]],
  ["Time in which nothing could be recorded", ["ledger.gap"]],
  ["Looking up and reviewing who can see what", ["customer.readers-viewed", "review.opened", "review.decided", "review.signed", "review.printed"]],
  ["Reading and verifying the ledger", ["ledger.read", "ledger.own-read", "customer.exposures-viewed", "ledger.verified"]],
];

/** The document; a type without an example is named as such. */
export function renderEventDocs(modules: readonly DocumentedModule[], examples: ReadonlyMap<string, EventExample>): string {
  const link = (type: string): string => (type.startsWith("(") ? type.slice(1, -1) : `[${type}](#${anchorOf(type)})`);
  return `# What is recorded 記録すること

Every act is one event in the ledger, recorded before anything of it is released; if it cannot be recorded, nothing is released.
An act that was refused or failed is an event of the same type with \`outcome\` \`refused\` or \`failed\` and the fact \`code\`.

| act | event |
|---|---|
${acts.map(([act, types]) => `| ${act} | ${types.map(link).join(", ")} |`).join("\n")}

## Who reads it

| reader | what |
|---|---|
| everybody | their own events (自分の記録) |
| verb \`read-exposures\` | of a customer whom they may read: who saw them, when, which fields (閲覧記録) |
| verb \`read-ledger\` | every event of everybody (職員の記録); what was searched for only together with reading all customers' personal fields |
| nobody | what stands in sealed parts of an erased person: the key is gone |

Each of these readings is an event itself. Staff are told so when they sign in (\`web/monitoring\`).

## How to read an event

The header below is what is hashed into the tree (canonical JSON, RFC 8785). \`entries\` is the root over the records that the
event names, with the fields that were released of each; \`writes\` and \`sealed\` are hashes of the packed parts of that name.
\`v\` is the form's version, \`policy\` the version of rights that decided. Facts hold numbers, codes and times, never a
personal value. The examples are real ones; times, identifiers and addresses are set to fixed ones.

${modules.map((module) => renderModule(module, examples, quietTypes(modules))).join("\n")}`;
}

function renderModule({ name, events }: DocumentedModule, examples: ReadonlyMap<string, EventExample>, quiet: ReadonlySet<string>): string {
  const types = Object.entries(events).map(([type, { description }]) => {
    const example = examples.get(type);
    const kinds = example === undefined || example.kinds.length === 0 ? "" : ` Names: ${example.kinds.join(", ")}.`;
    return `### ${type}\n\n${description.replace(/\.?$/, ".")}${kinds}\n\n${example === undefined ? (quiet.has(type) ? "Recorded only when it shows a personal value after all, or is refused." : "(no example yet)") : `\`\`\`json\n${JSON.stringify(example.header)}\n\`\`\``}\n`;
  });
  return `## ${name}\n\n${types.join("\n")}`;
}

/** As GitHub makes anchors of headings. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

/** The examples that a document already holds. */
export function readExamples(document: string): Map<string, EventExample> {
  const found = new Map<string, EventExample>();
  for (const [, type, , kinds, header] of document.matchAll(/^### (\S+)\n\n(.*?)(?: Names: ([a-z, ]+)\.)?\n\n```json\n(.*)\n```$/gm)) {
    found.set(type as string, { header: JSON.parse(header as string) as EventExample["header"], kinds: kinds === undefined ? [] : kinds.split(", ") });
  }
  return found;
}

const exampleTime = Date.parse("2026-11-20T01:00:00.000Z");

/** The header with times counted from a fixed one, and identifiers and addresses that nobody has. */
export function withFixedTimes(header: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shift = exampleTime - Date.parse(String(header["at"]));
  const identifiers = new Map<string, string>();
  const text = JSON.stringify(header)
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (time) => new Date(Date.parse(time) + shift).toISOString())
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      const fixed = identifiers.get(id) ?? `00000000-0000-4000-8000-${String(identifiers.size + 1).padStart(12, "0")}`;
      identifiers.set(id, fixed);
      return fixed;
    })
    .replaceAll(/"node-[0-9a-f]{8}"/g, '"node-1"')
    .replaceAll('"address":"127.0.0.1"', '"address":"192.0.2.10"');
  return JSON.parse(text) as Record<string, unknown>;
}
