import type { SeededHouse } from "./seeded-house.ts";

interface Answer {
  readonly status: number;
  readonly json: any;
}

async function post(house: SeededHouse, role: string, url: string, payload: object): Promise<Answer> {
  const cookie = house.callers.find(({ name }) => name === role)?.cookie ?? "";
  const reply = await house.app.inject({ method: "POST", url, headers: { cookie, "x-kuraban": "1" }, payload });
  return { status: reply.statusCode, json: reply.json() };
}

/** The system administrator adds a place for the ledger; the privacy officer of the house consents where that is asked for. */
export async function addOutletWithConsent(house: SeededHouse, settings: object): Promise<Answer> {
  const added = await post(house, "system-administrator", "/api/ledger/outlets", settings);
  const requestNo: unknown = added.json["requestNo"];
  if (typeof requestNo === "number") {
    const consent = await post(house, "privacy-officer", `/api/approvals/${requestNo}/decide`, { decision: "approve" });
    if (consent.status !== 200) throw new Error(`the privacy officer could not consent: ${JSON.stringify(consent.json)}`);
  }
  return added;
}
