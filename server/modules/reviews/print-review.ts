import { sealed, type Context, type Draft, type Input, type RenderedFile } from "#server/core/door/index.ts";
import { accountRecords } from "#server/modules/accounts/index.ts";
import { mm, renderPdf } from "#server/platform/files/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { ClassReach, reviewPdf as endpoint } from "#shared/reviews.ts";
import { wholeReview } from "./review-records.ts";

/** @throws Problem not-found */
export async function printReview(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const whole = await wholeReview(context, input.params.reviewNo);
  const [organisation] = await context.db.query<{ name: string }>("select name from organisation");
  const numbers = [whole.review.openedBy, whole.review.signedBy, ...whole.accounts.map(({ accountNo }) => accountNo)];
  const records = await accountRecords(
    context.db,
    numbers.flatMap((no) => no ?? []),
  );
  return {
    ...whole,
    organisation: organisation?.name ?? "",
    at: context.now.toISOString(),
    roleNames: [...context.policy.roles.values()].map(({ key, labelJa }) => ({ role: key, ja: labelJa })),
    names: [...records].map(([accountNo, record]) => ({ accountNo, name: sealed(record, "staffName") })),
  };
}

const momentFormat = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", dateStyle: "medium", timeStyle: "short" });
const dayFormat = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", dateStyle: "medium" });
const moment = (iso: string | null): string => (iso === null ? "-" : momentFormat.format(new Date(iso)));
const day = (iso: string | null): string => (iso === null ? "なし" : dayFormat.format(new Date(iso)));
const count = (n: number): string => n.toLocaleString("en-US");
const decisions = { keep: "残す", "take-away": "取り上げる", ask: "確認中" } as const;
const states = { invited: "招待中", active: "有効", disabled: "停止中" } as const;

function personal(reach: ClassReach): string {
  const { read = 0, full = 0 } = reach.find((one) => one.class === "personal") ?? {};
  return `${count(read)}人${read > 0 ? `\n(伏せずに ${count(full)}人)` : ""}`;
}

/** A table for the binder: what each account reached and used, what was decided, and by whom. */
export async function renderReview(built: ReplyOf<typeof endpoint>): Promise<RenderedFile> {
  const { review, seal } = built;
  const nameOf = (no: number | null): string => {
    const name = built.names.find((one) => one.accountNo === no)?.name;
    return no === null ? "-" : typeof name === "string" ? `${name}(職員番号 ${no})` : `職員番号 ${no}`;
  };
  const roleOf = (key: string): string => built.roleNames.find((one) => one.role === key)?.ja ?? key;
  const small = { fontSize: 8 } as const;
  const head = { fontSize: 8, bold: true } as const;
  const bytes = await renderPdf({
    title: "アクセス権の棚卸し",
    at: new Date(built.at),
    page: "A4",
    margins: [mm(15), mm(18), mm(15), mm(20)],
    fontSize: 9.5,
    hasPageNumbers: true,
    content: [
      { text: built.organisation, alignment: "right" },
      { text: `アクセス権の棚卸し 第${review.reviewNo}回`, fontSize: 16, bold: true, alignment: "center", margin: [0, mm(4), 0, mm(5)] },
      `開始: ${moment(review.openedAt)} ${nameOf(review.openedBy)}`,
      `利用を調べた期間: ${day(built.observedFrom)} から(権限の版 ${built.policyVersion ?? "-"})`,
      review.signedAt === null ? "確認の署名: まだありません(作業中の控え)" : `確認の署名: ${moment(review.signedAt)} ${nameOf(review.signedBy)}`,
      ...(review.nextDueOn === null ? [] : [`次回の期限: ${review.nextDueOn}`]),
      {
        margin: [0, mm(4), 0, mm(4)],
        layout: "lightHorizontalLines",
        table: {
          widths: [mm(36), mm(28), mm(28), mm(24), mm(22), "*"],
          headerRows: 1,
          keepWithHeaderRows: 1,
          dontBreakRows: true,
          body: [
            ["職員", "役割", "個人の項目を見られる顧客", "期間中に見た顧客", "最後の利用", "判断"].map((text) => ({ text, ...head })),
            ...built.accounts.map((one) => {
              const taken = one.takes === null ? "" : one.takes.account ? "アカウントを停止" : one.takes.roles.map(roleOf).join("、");
              const done = one.takes === null ? "" : one.isCarriedOut ? "(実施済み)" : "(未実施)";
              const reason = typeof one.reason === "string" ? `\n理由: ${one.reason}` : "";
              const by = one.decidedBy === null ? "" : `\n${moment(one.decidedAt)} ${nameOf(one.decidedBy)}`;
              return [
                `${nameOf(one.accountNo)}${one.found.state === "active" ? "" : `\n${states[one.found.state]}`}`,
                one.found.roles.map(({ role, isUnused }) => `${roleOf(role)}${isUnused ? "(利用なし)" : ""}`).join("、") || "-",
                personal(one.found.reach),
                `${count(one.found.seen)}人`,
                day(one.found.lastSeenAt),
                one.decision === null ? "未決定" : `${decisions[one.decision]} ${taken}${done}${reason}${by}`,
              ].map((text) => ({ text, ...small }));
            }),
          ],
        },
      },
      ...(seal === null
        ? []
        : [
            {
              text: `記録簿の検印: ${seal.hash}(記録番号 ${seal.eventNo ?? "-"})${seal.isIntact ? "。この表は署名した内容と一致しています。" : "。注意: この表は署名した内容と一致しません。"}`,
              ...small,
            },
          ]),
    ],
  });
  return { bytes, type: "application/pdf", name: `アクセス権の棚卸し-${review.reviewNo}.pdf` };
}
