import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { RenderedFile } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { mm, renderPdf } from "#server/platform/files/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { erasureCertificate as certificateEndpoint, listErasures as endpoint } from "#shared/person-requests.ts";
import { Problem } from "#shared/problems.ts";
import { erasureColumns, erasureOut, type StoredErasure } from "./erasure-records.ts";
import { dayInJapan } from "./render-disclosure.ts";

const most = 200;
/** A certificate names so many customer numbers; the rest is counted. */
const mostNamed = 500;

export async function listErasures(context: Context): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const rows = await context.db.query<StoredErasure>(`select ${erasureColumns} from erasures e order by e.erasure_no desc limit $1`, [most]);
  return { erasures: rows.map(erasureOut) };
}

/** @throws Problem not-found; conflict {reason: "not-done"} before the keys are destroyed */
export async function erasureCertificate(context: Context, input: Input<typeof certificateEndpoint>): Promise<Draft<ReplyOf<typeof certificateEndpoint>>> {
  const { erasureNo } = input.params;
  const [row] = await context.db.query<StoredErasure>(`select ${erasureColumns} from erasures e where e.erasure_no = $1`, [erasureNo]);
  if (row === undefined) {
    throw new Problem("not-found");
  }
  if (row.state !== "done") {
    throw new Problem("conflict", { reason: "not-done" });
  }
  const members = await context.db.query<{ customer_no: number }>(
    "select customer_no from erasure_members where erasure_no = $1 and key_gone_at is not null order by customer_no limit $2",
    [erasureNo, mostNamed],
  );
  const [organisation] = await context.db.query<{ name: string }>("select name from organisation");
  const { events } = await listEvents(queryOver(context.db), { types: ["erasure.keys-destroyed", "erasure.done"], limit: 200 });
  context.journal.fact("erasureNo", erasureNo);
  for (const { customer_no: no } of members) {
    context.journal.touched("customer", no);
  }
  return {
    organisation: organisation?.name ?? "",
    at: context.now.toISOString(),
    erasure: erasureOut(row),
    customerNos: members.map((member) => member.customer_no),
    events: events.filter((event) => event.facts["erasureNo"] === erasureNo).map((event) => event.eventNo),
  };
}

const because: Readonly<Record<ReplyOf<typeof certificateEndpoint>["erasure"]["reason"], string>> = {
  "asked-by-person": "本人の請求による消去",
  "no-longer-needed": "利用する必要がなくなったため",
  "term-over": "保存期間の満了",
  "trash-term-over": "ごみ箱の保管期間の満了",
};

export async function renderCertificate(built: ReplyOf<typeof certificateEndpoint>): Promise<RenderedFile> {
  const { erasure } = built;
  const line = (label: string, value: string): [{ text: string; bold: true }, string] => [{ text: label, bold: true }, value];
  const bytes = await renderPdf({
    title: "個人情報 消去証明書",
    at: new Date(built.at),
    page: "A4",
    margins: [mm(25), mm(25), mm(25), mm(25)],
    fontSize: 10.5,
    hasPageNumbers: true,
    content: [
      { text: dayInJapan(built.at), alignment: "right" },
      { text: "個人情報 消去証明書", fontSize: 18, bold: true, alignment: "center", margin: [0, mm(12), 0, mm(10)] },
      { text: built.organisation, alignment: "right", margin: [0, 0, 0, mm(8)] },
      "下記のとおり個人情報を消去し、復元できない状態にしたことを証明します。",
      {
        margin: [0, mm(6), 0, mm(6)],
        layout: "lightHorizontalLines",
        table: {
          widths: [mm(45), "*"],
          headerRows: 0,
          body: [
            line("消去番号", String(erasure.erasureNo)),
            line("理由", because[erasure.reason]),
            line("対象", `${erasure.persons.toLocaleString("en-US")}人`),
            line("消去した人数", `${erasure.erased.toLocaleString("en-US")}人`),
            ...(erasure.held > 0 ? [line("保全や再利用のため残した人数", `${erasure.held.toLocaleString("en-US")}人`)] : []),
            line("申請", `${dayInJapan(erasure.askedAt)} 利用者番号 ${erasure.askedBy}`),
            line("承認", erasure.grantedAt === null ? "" : `${dayInJapan(erasure.grantedAt)} 利用者番号 ${erasure.grantedBy ?? ""}`),
            line("完了", erasure.doneAt === null ? "" : dayInJapan(erasure.doneAt)),
            line(
              "鍵の控えの更新",
              erasure.keysRefreshedAt === null ? "未了" : `${dayInJapan(erasure.keysRefreshedAt)}(更新できなかった保管先 ${erasure.keysMissed ?? 0}か所)`,
            ),
            line("記録簿の記録番号", built.events.join("、")),
            line("顧客番号", built.customerNos.join("、") + (erasure.erased > built.customerNos.length ? " ほか" : "")),
          ],
        },
      },
      "方法: 1人ごとに異なる暗号鍵を破棄し、値と検索用の索引の行を削除しました。破棄した鍵で封じた値は、過去のデータの控えにあっても開けません。",
      {
        text: "留意点: 更新できなかった保管先に古い鍵の控えが残る場合、その控えを廃棄するまでは、古いデータの控えと合わせると開けるおそれがあります。",
        margin: [0, mm(4), 0, 0],
      },
    ],
  });
  return { bytes, type: "application/pdf", name: `消去証明書-${erasure.erasureNo}.pdf` };
}
