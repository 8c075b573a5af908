import { fieldOf, recordFieldOf } from "#server/core/access/policy.ts";
import { SealedValues, type Context, type Draft, type Handle, type Input } from "#server/core/door/index.ts";
import { classesOf, listCustomers, nameRecords } from "#server/modules/customers/index.ts";
import type { drawPackList as listEndpoint, drawPackPdf as letterEndpoint, PackList } from "#shared/incident-consignors.ts";
import type { PaperOut } from "#shared/incident-drafts.ts";
import { textOfIncident } from "../case/seal-incident-text.ts";
import { demandUnchanged } from "../drafts/draft-hash.ts";
import { findDraft } from "../drafts/draft-records.ts";
import { countText, momentText, nameOfItem } from "../drafts/ground.ts";
import { paperAs } from "../drafts/show-drafts.ts";
import { tiersOfScope } from "../scope/scope-records.ts";
import { exposedOf } from "./consignors-of-scope.ts";
import { demandApproved } from "./make-pack.ts";
import { findPack, notePack, type PackRow } from "./pack-records.ts";

/** By which a consignor finds its own people again. */
const listed = ["memberNumber", "fullName", "mail"] as const;

/**
 * The letter of a pack: the approved notice, addressed to this company and with the figures of its own people alone.
 * @throws Problem not-found, awaits-approval, conflict {reason: "changed"}
 */
export async function drawPackLetter(context: Context, { params }: Input<typeof letterEndpoint>, form: "pdf" | "word"): Promise<Draft<PaperOut>> {
  const row = await findPack(context, params.packNo);
  notePack(context, row);
  context.journal.fact("form", form);
  demandApproved(row);
  const draft = await findDraft(context, row.draft_no);
  demandUnchanged(draft);
  const paper = await paperAs(context, draft.content, null, draft, "handle-incidents");
  const company = await nameOf(context, row.company_no);
  const own = ofConsignor(await figures(context, row));
  return {
    ...paper,
    sections: [
      ...paper.sections.map((section) => ({
        ...section,
        entries: section.entries
          .filter((entry) => !forMany.has(entry.key))
          .map((entry) => {
            if (entry.key === "opening.addressee")
              return { ...entry, state: "stated" as const, pieces: [{ kind: "typed" as const, text: company }, plain(" 御中")] };
            return entry.key === "persons.total" ? { ...entry, state: "derived" as const, pieces: [plain(own.persons)] } : entry;
          }),
      })),
      {
        key: "own-people",
        title: "貴社から委託を受けた個人データ",
        entries: own.rows.map(([key, label, text]) => ({
          key,
          label,
          state: "derived" as const,
          pieces: [plain(text)],
          evidence: [{ kind: "scope-run" as const, no: row.scope_no }],
          isToBeChecked: false,
          isEditable: false,
          isInternal: false,
          isChanged: false,
          former: null,
        })),
      },
    ],
  };
}

/** Stands in the template for whoever writes to all of them at once, or speaks of the people of the others. */
const forMany: ReadonlySet<string> = new Set(["opening.separate", "outline.consignorNames", "persons.sensitive", "persons.card"]);
const plain = (text: string) => ({ kind: "plain" as const, text });

async function nameOf(context: Context, companyNo: number): Promise<Handle> {
  return (await nameRecords(context, { customers: [], companies: [companyNo] })).companies[0]?.name ?? null;
}

interface Figures {
  readonly row: PackRow;
  readonly fields: readonly { readonly name: string; readonly people: number }[];
  readonly firstAt: string | null;
  readonly lastAt: string | null;
}

async function figures(context: Context, row: PackRow): Promise<Figures> {
  const tiers = await tiersOfScope(context, row.scope_no);
  const fields = new Map<string, number>();
  const times: string[] = [];
  for (const no of [...row.confirmed, ...row.possible]) {
    const exposed = exposedOf(context, tiers, no);
    for (const field of exposed.fields) fields.set(field, (fields.get(field) ?? 0) + 1);
    if (exposed.firstAt !== null) times.push(exposed.firstAt);
    if (exposed.lastAt !== null) times.push(exposed.lastAt);
  }
  times.sort();
  return {
    row,
    fields: [...fields]
      .toSorted((a, b) => b[1] - a[1])
      .map(([key, people]) => ({ name: nameOfItem(fieldOf(context.policy, "customer", key)?.ja ?? key), people })),
    firstAt: times[0] ?? null,
    lastAt: times.at(-1) ?? null,
  };
}

function ofConsignor({ row, fields, firstAt, lastAt }: Figures): { persons: string; rows: (readonly [key: string, label: string, text: string])[] } {
  const count = row.confirmed.length + row.possible.length;
  const persons = `貴社分 ${countText(count)}人${row.possible.length > 0 ? `(うち漏えいの可能性がある者 ${countText(row.possible.length)}人)` : ""}`;
  return {
    persons,
    rows: [
      ["own-people.count", "本人の数", persons],
      [
        "own-people.fields",
        "項目と人数",
        fields.length === 0 ? "記録簿では項目を特定できません(調査中)" : fields.map(({ name, people }) => `${name} ${countText(people)}人`).join("、"),
      ],
      ["own-people.when", "時期", whenText(firstAt, lastAt)],
      ["own-people.list", "対象者の一覧", `別送の暗号化した表(パスワードは別の方法でお知らせします)。整理番号 ${row.incident_no}-${row.pack_no}`],
    ],
  };
}

function whenText(firstAt: string | null, lastAt: string | null): string {
  if (firstAt === null || lastAt === null) return "調査中";
  const [first, last] = [momentText(new Date(firstAt)), momentText(new Date(lastAt))];
  return first === last ? first : `${first} から ${last} まで`;
}

/**
 * The people of a pack as handles. Whoever was erased since, or is beyond the caller's rights, is left out and counted.
 * @throws Problem not-found, awaits-approval
 */
export async function drawPackList(context: Context, { params }: Input<typeof listEndpoint>): Promise<Draft<PackList>> {
  const row = await findPack(context, params.packNo);
  notePack(context, row);
  demandApproved(row);
  // A drill opens nobody's name: its list holds numbers.
  const keys = row.is_drill ? [] : listed.filter((key) => recordFieldOf(context.policy, "customer", key) !== undefined);
  const nos = [...row.confirmed, ...row.possible];
  const people = await listCustomers(context, nos, classesOf(context, keys));
  const tiers = await tiersOfScope(context, row.scope_no);
  const confirmed = new Set(row.confirmed);
  const [organisation] = await context.db.query<{ name: string }>("select name from organisation");
  context.journal.purpose("audit");
  context.journal.fact("people", people.length);
  context.journal.fact("leftOut", nos.length - people.length);
  for (const one of people) context.journal.touched("customer", one.customerNo);
  return {
    packNo: row.pack_no,
    incidentNo: row.incident_no,
    at: context.now.toISOString(),
    companyName: await nameOf(context, row.company_no),
    organisation: organisation?.name ?? "",
    isDrill: row.is_drill,
    password: textOfIncident(row.incident_no, row.sealed_password, "password"),
    columns: keys.map((key) => ({ key, label: fieldOf(context.policy, "customer", key)?.ja ?? key })),
    rows: people.map((one) => {
      const exposed = exposedOf(context, tiers, one.customerNo);
      return {
        customerNo: one.customerNo,
        tier: confirmed.has(one.customerNo) ? ("confirmed" as const) : ("possible" as const),
        values: new SealedValues(one.record, keys, "answer-person"),
        ...exposed,
        fields: exposed.fields.map((key) => fieldOf(context.policy, "customer", key)?.ja ?? key),
      };
    }),
    leftOut: nos.length - people.length,
  };
}
