import { queryOver, type Context } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import type { NoticeOutcome, NoticeWay } from "#shared/incident-notices.ts";
import { totalsOf } from "../notices/notice-records.ts";

/** How the people themselves were told (規則8条1項6号), each person once. */
export interface NoticeFigures {
  readonly totals: readonly { readonly way: NoticeWay; readonly outcome: NoticeOutcome; readonly people: number }[];
  /** The last event that changed them. */
  readonly lastEvent: number | null;
  readonly lastAt: Date | null;
}

const changing = ["incident.mails-sent", "incident.letters-posted", "incident.bounces-taken", "incident.letters-returned", "incident.person-reached"];
const mostLooked = 100;

/** Null before anything was approved. */
export async function noticeFigures(context: Context, incidentNo: number): Promise<NoticeFigures | null> {
  const totals = await totalsOf(context, incidentNo);
  if (totals.length === 0) return null;
  const { events } = await listEvents(queryOver(context.db), { types: changing, limit: mostLooked });
  const last = events.find(({ outcome, facts }) => outcome === "ok" && facts["incidentNo"] === incidentNo);
  return { totals, lastEvent: last?.eventNo ?? null, lastAt: last?.at ?? null };
}

const count = (people: number): string => people.toLocaleString("en-US");

/** `対象 1,204人。メール 1,100人(送信済み 1,090人、不達 10人)、…`; null where nothing has begun. */
export function noticeSentence({ totals }: NoticeFigures): string | null {
  const of = (way: NoticeWay, ...outcomes: readonly NoticeOutcome[]): number =>
    totals.filter((one) => one.way === way && (outcomes.length === 0 || outcomes.includes(one.outcome))).reduce((sum, one) => sum + one.people, 0);
  if (totals.every(({ outcome }) => outcome === "planned" || outcome === "substitute" || outcome === "gone")) return null;
  const parts = (given: readonly (readonly [words: string, people: number])[]): string =>
    given
      .filter(([, people]) => people > 0)
      .map(([words, people]) => `${words} ${count(people)}人`)
      .join("、");
  const mail = parts([
    ["送信済み", of("mail", "sent")],
    ["不達", of("mail", "refused", "bounced")],
    ["到達を確認できない", of("mail", "unsure")],
    ["連絡がとれた", of("mail", "reached")],
    ["未送信", of("mail", "planned", "sending")],
    ["別の方法で送り直し", of("mail", "replaced")],
  ]);
  const letter = parts([
    ["投函済み", of("letter", "sent")],
    ["返戻", of("letter", "returned")],
    ["連絡がとれた", of("letter", "reached")],
    ["未投函", of("letter", "planned", "printed")],
    ["別の方法で送り直し", of("letter", "replaced")],
  ]);
  const ways = [
    ...(of("mail") === 0 ? [] : [`メール ${count(of("mail"))}人(${mail})`]),
    ...(of("letter") === 0 ? [] : [`書面 ${count(of("letter"))}人(${letter})`]),
    ...(of("none") === 0 ? [] : [`連絡先がない等のため公表と問い合わせ窓口による代替措置 ${count(of("none"))}人`]),
  ];
  const people = totals.reduce((sum, one) => sum + one.people, 0);
  return `本人に通知(法26条2項)。対象 ${count(people)}人。${ways.join("、")}。`;
}

/** `done` once nothing waits to be sent; whoever was not reached stands in the sentence. */
export function noticeState({ totals }: NoticeFigures): "done" | "ongoing" | null {
  const began = totals.some(({ outcome }) => !["planned", "substitute", "gone"].includes(outcome));
  if (!began) return null;
  const open: readonly NoticeOutcome[] = ["planned", "sending", "printed", "refused", "bounced", "returned", "unsure"];
  return totals.some(({ outcome }) => open.includes(outcome)) ? "ongoing" : "done";
}
