import { createHash, randomBytes } from "node:crypto";
import { SealedText, sealText, type Context, type Handle } from "#server/core/door/index.ts";
import { holdsCardNumber } from "#shared/find-card-number.ts";
import { Problem } from "#shared/problems.ts";

/** The house's own playbooks belong to no incident: their texts stand under the key of incident 0. */
export const houseIncident = 0;

/** @throws Problem card-number: what was typed holds one, which is never stored */
function refuseCardNumbers(texts: Readonly<Record<string, string | null>>): void {
  for (const [field, text] of Object.entries(texts)) {
    if (text !== null && holdsCardNumber(text)) throw new Problem("card-number", { field });
  }
}

/** Seals what was typed about an incident. @throws Problem card-number */
export function sealIncidentText(context: Context, incidentNo: number, texts: Readonly<Record<string, string | null>>): Buffer {
  refuseCardNumbers(texts);
  return sealText(context.door.vault, { kind: "incident", no: incidentNo }, "internal", 1, texts);
}

/** Seals what belongs to no incident yet, under a key of its own. @throws Problem card-number */
export function sealApart(context: Context, texts: Readonly<Record<string, string | null>>, known?: number): { queryNo: number; blob: Buffer } {
  refuseCardNumbers(texts);
  const queryNo = known ?? randomBytes(5).readUIntBE(0, 5);
  return { queryNo, blob: sealText(context.door.vault, { kind: "query", no: queryNo }, "personal", 1, texts) };
}

/** A text of an incident, for whoever handles incidents. */
export function textOfIncident(incidentNo: number, blob: Buffer | null, label: string): Handle {
  return blob === null ? null : new SealedText({ kind: "incident", no: incidentNo }, blob, label, { authorNo: null, orVerb: "handle-incidents" });
}

export function textApart(queryNo: string | number | null, blob: Buffer | null, label: string): Handle {
  return blob === null || queryNo === null
    ? null
    : new SealedText({ kind: "query", no: Number(queryNo) }, blob, label, { authorNo: null, orVerb: "handle-incidents" });
}

/** What an event says of a text that it does not show: whether the row still holds what was written then can be asked. */
export function hashOfText(blob: Buffer): string {
  return createHash("sha256").update(blob).digest("base64url");
}
