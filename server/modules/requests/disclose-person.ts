import { recordFieldsOf } from "#server/core/access/policy.ts";
import { inFull, queryOver, releasedFields, type Context, type Draft, type Handle, type Input, type SealedRecord } from "#server/core/door/index.ts";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import { attachedActivities } from "#server/modules/activities/index.ts";
import { customerFor, everyClass, listCustomers, suspendedSince, type CustomerRow } from "#server/modules/customers/index.ts";
import type { Disclosed, disclosePdf as endpoint } from "#shared/person-requests.ts";
import { Problem } from "#shared/problems.ts";
import type { PersonsOf } from "./ask-erasure.ts";
import { consentsOf, usePurposes } from "./consents.ts";
import { requestsOf, requestText } from "./request-records.ts";

/** A text that belongs to a person without being a field of the record: a note, a purchase. Its handle is opened by the door. */
interface AttachedText {
  readonly field: string;
  readonly at: string;
  readonly value: Handle;
}

/** Pages of the ledger that one disclosure reads at most: 100 × 100 events about one person. */
const mostPages = 100;
/** Acts in which values leave as a file or on paper, or are handed to another program. */
const givenOut: ReadonlySet<string> = new Set([
  "list.downloaded",
  "labels.printed",
  "person.disclosed",
  "customer.used",
  "incident.mails-released",
  "incident.letters-drawn",
  "incident.pack-list-drawn",
]);
const sources: Readonly<Record<string, "entered" | "imported" | "changed">> = {
  "customer.created": "entered",
  "import.batch": "imported",
  "customer.changed": "changed",
};

/**
 * Everything that is held about a person: values of all classes in full, attached texts, consents, where they came from, who
 * they were given to, and how often they were looked at. For a request whose sender was identified.
 * @throws Problem not-found; invalid-input {reason: "identity-first"}
 */
export async function disclosePerson(context: Context, input: Input<typeof endpoint>, form: "pdf" | "json", personsOf: PersonsOf): Promise<Draft<Disclosed>> {
  const row = await customerFor(context, input.params.customerNo);
  const { record, customerNo } = row;
  const numbers = await personsOf(context, [customerNo]);
  const others = await listCustomers(
    context,
    numbers.filter((no) => no !== customerNo),
    everyClass,
  );
  const everyRow = [row, ...others];
  const records = new Map(everyRow.map((one) => [one.customerNo, one.record]));
  const requests = await requestsOf(context, [...records.keys()]);
  const request = requests.find((one) => one.request_no === input.body.requestNo && one.kind === "disclosure" && one.state !== "withdrawn");
  if (request === undefined) {
    throw new Problem("invalid-input", { field: "requestNo" });
  }
  if (request.identity_check === "none") {
    throw new Problem("invalid-input", { field: "identityCheck", reason: "identity-first" });
  }
  context.journal.purpose(input.body.purpose);
  context.journal.fact("requestNo", request.request_no);
  context.journal.fact("form", form);
  everyRow.forEach((one) => context.journal.touched("customer", one.customerNo));

  const [organisation] = await context.db.query<{ name: string }>("select name from organisation");
  const purposes = new Map((await usePurposes(context)).map((one) => [one.purposeNo, one]));
  const labelOf = (key: string): { ja: string; en: string } => {
    const field = context.policy.fields.find((one) => one.kind === "customer" && one.key === key);
    return { ja: field?.ja ?? key, en: field?.en ?? key };
  };
  const fieldsOf = (of: SealedRecord): Draft<Disclosed>["fields"] =>
    recordFieldsOf(context.policy, "customer").map((field) => ({
      key: field.key,
      ja: field.ja,
      en: field.en,
      class: field.class,
      value: inFull(of, field.key, "answer-person"),
    }));
  const texts: AttachedText[] = [
    ...(await attachedTexts(context, everyRow)),
    ...requests.flatMap((one) =>
      [one.sealed_text, one.sealed_answer]
        .filter((blob) => blob !== null)
        .map((blob) => ({ field: "personRequest", at: one.recorded_at.toISOString(), value: requestText(records.get(one.customer_no) ?? record, blob) })),
    ),
  ];
  const since = row.isSuspended ? await suspendedSince(context, customerNo) : null;
  const consents = await consentsOf(context, [...records.keys()]);
  return {
    organisation: organisation?.name ?? "",
    at: context.now.toISOString(),
    requestNo: request.request_no,
    customerNo,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    suspendedAt: since?.toISOString() ?? null,
    fullName: inFull(record, "fullName", "answer-person"),
    fields: fieldsOf(record),
    others: others.map((other) => ({ customerNo: other.customerNo, fields: fieldsOf(other.record) })),
    texts: texts.map((text) => ({ ...text, ...labelOf(text.field) })),
    consents: consents.map((one) => ({
      ja: purposes.get(one.purpose_no)?.ja ?? "",
      en: purposes.get(one.purpose_no)?.en ?? "",
      stance: one.stance,
      at: one.recorded_at.toISOString(),
      withdrawnAt: one.withdrawn_at?.toISOString() ?? null,
    })),
    ...(await pastOf(
      context,
      everyRow.map((one) => one.customerNo),
    )),
  };
}

/** Notes with their next actions, and purchases, of the person and of the rows that were merged into it. */
async function attachedTexts(context: Context, rows: readonly CustomerRow[]): Promise<AttachedText[]> {
  const texts: AttachedText[] = [];
  for (const { customerNo } of rows) {
    const { notes, purchases } = await attachedActivities(context, customerNo);
    texts.push(
      ...notes.flatMap((note) =>
        [note.text, note.action].filter((text) => text !== null).map((value) => ({ field: "contactNote", at: note.happenedAt.toISOString(), value })),
      ),
      ...purchases.map((one) => ({ field: "purchase", at: new Date(`${one.boughtOn}T00:00:00+09:00`).toISOString(), value: one.purchase })),
    );
  }
  return texts;
}

async function pastOf(context: Context, numbers: readonly number[]): Promise<Pick<Disclosed, "sources" | "given" | "uses">> {
  const found: Disclosed["sources"][number][] = [];
  const given: Disclosed["given"][number][] = [];
  const uses = new Map<string, number>();
  for (const customerNo of numbers) {
    for await (const event of eventsOf(context, customerNo)) {
      const kind = sources[event.type];
      if (kind !== undefined) {
        const importNo = event.facts["import"];
        found.push({ kind, at: event.at.toISOString(), importNo: typeof importNo === "number" ? importNo : null });
      }
      const fields = releasedFields(context.policy, releasesOf(event, customerNo));
      if (fields.length > 0 && givenOut.has(event.type)) {
        given.push({ at: event.at.toISOString(), event: event.type, purpose: event.purpose ?? null, fields: fields.map((one) => one.field) });
      } else if (fields.length > 0) {
        uses.set(event.type, (uses.get(event.type) ?? 0) + 1);
      }
    }
  }
  const byTime = (a: { at: string }, b: { at: string }): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
  return {
    sources: found.toSorted(byTime),
    given: given.toSorted(byTime),
    uses: [...uses].map(([event, times]) => ({ event, times })).toSorted((a, b) => b.times - a.times || (a.event < b.event ? -1 : 1)),
  };
}

/** What the ledger says of a customer, newest first. */
async function* eventsOf(context: Context, customerNo: number): AsyncGenerator<RecordedEvent> {
  let before: number | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { events, nextBefore } = await listEvents(queryOver(context.db), { customerNo, before, limit: 100 });
    yield* events.filter((event) => event.outcome === "ok");
    if (nextBefore === null) {
      return;
    }
    before = nextBefore;
  }
}

function releasesOf(event: RecordedEvent, customerNo: number): RecordedEvent["releases"] {
  return event.releases.filter((release) => release.kind === "customer" && release.numbers.includes(customerNo));
}
