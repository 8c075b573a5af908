import type { identityChecks, RequestKind, requestChannels } from "#shared/person-requests.ts";
import type { SampleCustomer } from "./generate-customers.ts";
import type { PlannedAct } from "./plan-activity.ts";
import { makeRandom } from "./make-random.ts";
import { assignCustomer, sampleStaff } from "./sample-company.ts";

const day = 24 * 3_600_000;

/** What the sample company does for the rights of the person. */
export type RequestAct =
  | { readonly kind: "use-purpose"; readonly ja: string; readonly en: string; readonly opt: "in" | "out" }
  | {
      readonly kind: "consent";
      readonly customer: number;
      readonly purposeNo: number;
      readonly stance: "given" | "objected";
      readonly how: "form" | "card" | "oral";
    }
  | { readonly kind: "suspend"; readonly customer: number; readonly reason: string }
  | {
      readonly kind: "person-request";
      readonly id: number;
      readonly customer: number;
      readonly asked: {
        readonly kind: RequestKind;
        readonly receivedOn: string;
        readonly channel: (typeof requestChannels)[number];
        readonly identityCheck: (typeof identityChecks)[number];
        readonly text: string;
      };
    }
  | { readonly kind: "person-request-moved"; readonly id: number; readonly step: { readonly kind: string; readonly [key: string]: string } };

/**
 * Three requests in different states (answered, decided, just come in), two suspended persons, consents of a part of the
 * customers. Sorted by time.
 */
export function planRequests(given: { seed: number; until: Date; customers: readonly SampleCustomer[] }): readonly PlannedAct[] {
  const { seed, until } = given;
  const seller = sampleStaff.find((one) => one.isToTry && one.roles.includes("sales"));
  const officer = sampleStaff.find((one) => one.roles.includes("privacy-officer"));
  if (seller === undefined || officer === undefined) {
    return [];
  }
  const own = given.customers.filter((customer) => assignCustomer(customer).owner === seller.key).map((customer) => customer.ordinal);
  const [asked = 0, stopped = 0, fresh = 0, suspended = 0] = own.slice(20);
  const at = (days: number): Date => new Date(until.getTime() - days * day);
  const dayOf = (days: number): string => at(days).toISOString().slice(0, 10);
  const acts: PlannedAct[] = [
    { at: at(13), staff: officer.key, act: { kind: "use-purpose", ja: "商品・サービスのご案内", en: "News of products and services", opt: "out" } },
    { at: at(13), staff: officer.key, act: { kind: "use-purpose", ja: "展示会・催しのご案内", en: "Invitations to fairs and events", opt: "in" } },
    { at: at(13), staff: officer.key, act: { kind: "use-purpose", ja: "納品・保守のご連絡", en: "Delivery and maintenance", opt: "out" } },
    {
      at: at(11),
      staff: seller.key,
      act: {
        kind: "person-request",
        id: 1,
        customer: asked,
        asked: {
          kind: "disclosure",
          receivedOn: dayOf(11),
          channel: "letter",
          identityCheck: "document",
          text: "登録されている自分の情報をすべて書面で知りたいとのこと。",
        },
      },
    },
    {
      at: at(8),
      staff: officer.key,
      act: { kind: "person-request-moved", id: 1, step: { kind: "decide", decision: "granted", answer: "開示書面を簡易書留で送付します。" } },
    },
    { at: at(7), staff: officer.key, act: { kind: "person-request-moved", id: 1, step: { kind: "answer" } } },
    {
      at: at(6),
      staff: seller.key,
      act: {
        kind: "person-request",
        id: 2,
        customer: stopped,
        asked: { kind: "suspension", receivedOn: dayOf(6), channel: "phone", identityCheck: "call-back", text: "案内の電話とDMをすべて止めてほしいとのこと。" },
      },
    },
    {
      at: at(5),
      staff: officer.key,
      act: { kind: "person-request-moved", id: 2, step: { kind: "decide", decision: "granted", answer: "本日から利用を停止しました。" } },
    },
    { at: at(4), staff: seller.key, act: { kind: "suspend", customer: suspended, reason: "退職のため連絡を控えてほしいと、ご本人から申し出があった。" } },
    {
      at: at(1),
      staff: seller.key,
      act: {
        kind: "person-request",
        id: 3,
        customer: fresh,
        asked: {
          kind: "erasure",
          receivedOn: dayOf(1),
          channel: "mail",
          identityCheck: "none",
          text: "取引が終わったので登録を消してほしいとのこと。本人確認はこれから。",
        },
      },
    },
  ];
  const random = makeRandom(seed, 1_201);
  for (const customer of own.slice(0, 20)) {
    acts.push({
      at: at(10),
      staff: seller.key,
      act: {
        kind: "consent",
        customer,
        purposeNo: random.chance(0.5) ? 1 : 2,
        stance: random.chance(0.8) ? "given" : "objected",
        how: random.chance(0.6) ? "card" : "oral",
      },
    });
  }
  return acts.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}
