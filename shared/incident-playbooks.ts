import type { Phase, PlaybookKey, TaskKind, TaskLink, TeamRole } from "./incidents.ts";

/** A task of a playbook (手順書) as the product ships it. `dueHours` from the moment of knowing; null: no clock. */
export interface ShippedTask {
  readonly key: string;
  readonly phase: Phase;
  readonly kind: TaskKind;
  readonly role: TeamRole;
  readonly dueHours: number | null;
  readonly link: TaskLink | null;
  readonly ja: string;
  readonly en: string;
}

type Short = readonly [name: string, phase: Phase, kind: TaskKind, role: TeamRole, dueHours: number | null, ja: string, en: string, link?: TaskLink];

const tasks = (prefix: string, given: readonly Short[]): readonly ShippedTask[] =>
  given.map(([name, phase, kind, role, dueHours, ja, en, link]) => ({ key: `${prefix}.${name}`, phase, kind, role, dueHours, link: link ?? null, ja, en }));

/** What every cause asks (IPA 情報漏えい発生時の対応ポイント集: six phases; 個人情報の保護に関する法律26条). */
const common = tasks("common", [
  ["lead", 1, "step", "field", 1, "責任者に報告する。1人で判断・操作しない", "Tell whoever is responsible; do not act alone"],
  [
    "reporter",
    1,
    "collect",
    "field",
    2,
    "発見者・通報者の連絡先と発覚の経緯を記録する",
    "Record who found it, how to reach them, and how it came to light",
    "facts",
  ],
  [
    "preserve",
    1,
    "measure",
    "field",
    1,
    "証拠を消す操作(再起動・初期化・駆除・削除)をしない",
    "Do nothing that destroys evidence: no restart, wipe, clean-up or deletion",
  ],
  ["team", 2, "step", "lead", 4, "対応体制(責任者・現場・情シス・法務・広報・窓口)を決める", "Set up the team", "team"],
  ["contain", 2, "measure", "systems", 4, "被害の拡大を止める応急措置をとる", "Take urgent measures so that it does not grow", "measures"],
  [
    "collect",
    3,
    "collect",
    "field",
    24,
    "当事者、対象物、含まれる情報(種類・項目・件数)、いつ・どこで・なぜ、暗号化とアクセス制限を集める",
    "Gather who, what thing, what data (kinds, items, count), when, where, why, encryption and access control",
    "facts",
  ],
  ["scope", 3, "step", "lead", 24, "だれの、どの項目が漏れたか、範囲を確かめる", "Find out of whom what got out", "scope"],
  [
    "judge",
    3,
    "step",
    "legal",
    48,
    "規則7条の各号と暗号化の例外に当たるかを判断する",
    "Judge by Article 7 of the Rules and the exemption for encryption",
    "drafts",
  ],
  ["preliminary", 4, "step", "legal", 72, "個人情報保護委員会等へ速報を提出する(概ね3〜5日以内)", "File the preliminary report (3 to 5 days)", "drafts"],
  [
    "persons",
    4,
    "step",
    "legal",
    120,
    "本人へ通知する。連絡できない方には公表または窓口で代える",
    "Notify the people; publish or open a desk for those who cannot be reached",
    "drafts",
  ],
  [
    "others",
    4,
    "step",
    "legal",
    72,
    "警察・IPA・委託元・取引先・カード会社への連絡の要否を決める",
    "Decide whether to tell police, IPA, clients, partners, card companies",
    "drafts",
  ],
  ["publish", 4, "step", "press", 96, "公表の要否・内容・時期を決める", "Decide whether, what and when to publish", "drafts"],
  ["desk", 5, "step", "desk", 120, "問い合わせ窓口を設け、応答の文面をそろえる", "Open a desk for inquiries with its answers"],
  ["watch", 5, "secondary", "desk", null, "二次被害の申告と兆候を集め、注意を呼びかける", "Collect signs of secondary damage and warn"],
  ["resume", 5, "step", "systems", null, "安全を確かめて応急措置を解除し、業務を再開する", "Lift the measures once it is safe, and resume work", "measures"],
  [
    "final",
    6,
    "step",
    "legal",
    720,
    "確報を提出する(30日以内、不正の目的によるおそれは60日以内)",
    "File the final report (30 days; 60 where a wrongful purpose is possible)",
    "drafts",
  ],
  ["prevent", 6, "afterwards", "lead", 720, "再発防止策を、担当と期限つきで決める", "Decide what prevents it, with owners and dates"],
  ["management", 6, "afterwards", "lead", 720, "経営へ報告し、補償と処分を決める", "Report to management; decide compensation and discipline"],
]);

const own: Readonly<Record<PlaybookKey, readonly ShippedTask[]>> = {
  malware: tasks("malware", [
    [
      "unplug",
      2,
      "measure",
      "systems",
      1,
      "感染した機器の通信を切り、使用を止める(電源は切らない)",
      "Cut the machine off the network and stop using it; leave it on",
    ],
    [
      "collect",
      3,
      "collect",
      "systems",
      24,
      "機器、マルウェア名、侵入経路、時刻、通信先、届く範囲のデータを集める",
      "Machine, name of the malware, route, time, traffic, data in reach",
      "facts",
    ],
    [
      "others",
      3,
      "measure",
      "systems",
      24,
      "ほかの機器を調べる。退避には清潔な媒体を使い、バックアップの感染も疑う",
      "Scan other machines; back up to clean media; suspect the backups too",
    ],
    [
      "reset",
      5,
      "secondary",
      "systems",
      24,
      "使われた資格情報を変え、通信先を遮断し、なりすましメールを取引先へ知らせる",
      "Reset credentials, block the traffic, warn partners of forged mail",
      "measures",
    ],
    ["patch", 6, "afterwards", "systems", null, "更新の適用、重要データの分離、IPAへの届出を行う", "Patch, isolate key data, notify IPA"],
  ]),
  "unauthorised-access": tasks("unauthorised-access", [
    ["cut", 2, "measure", "systems", 1, "侵入に使われたアカウントの接続を切り、凍結する", "Cut the sessions of the accounts used and freeze them", "measures"],
    ["evidence", 2, "measure", "systems", 4, "ディスク・メモリ・ログを保全する", "Preserve disk, memory and logs"],
    [
      "collect",
      3,
      "collect",
      "systems",
      24,
      "機器・サービス、侵入経路、時刻、発信元、アカウント、読まれた表、改ざんを集める",
      "Host, route, times, source addresses, accounts, tables read, tampering",
      "facts",
    ],
    [
      "warn",
      5,
      "secondary",
      "desk",
      72,
      "パスワードを変え、使い回しに注意を呼びかけ、カード会社に監視・停止を頼む",
      "Reset passwords, warn of reuse, ask card companies to watch or stop",
    ],
    [
      "harden",
      6,
      "afterwards",
      "systems",
      null,
      "更新、多要素、監視を強め、警察・IPA・JPCERT/CCと情報を共有する",
      "Patch, add factors and monitoring; share with police, IPA, JPCERT/CC",
    ],
  ]),
  misdirected: tasks("misdirected", [
    [
      "ask",
      2,
      "measure",
      "field",
      2,
      "受け取った方におわびし、削除を頼み、未読・未転送・削除済みの確認を得る",
      "Apologise, ask to delete, get it confirmed: unread, not forwarded, deleted",
    ],
    [
      "collect",
      3,
      "collect",
      "field",
      8,
      "何を、だれに(件数)、いつ、添付、CC・BCCを集める",
      "What, to whom (how many), when, attachments, CC and BCC",
      "facts",
    ],
    [
      "warn",
      5,
      "secondary",
      "desk",
      72,
      "本人へ知らせ、パスワードを含むときは変え、なりすましに注意を呼びかける",
      "Notify; reset passwords if sent; warn of phishing",
    ],
    [
      "check",
      6,
      "afterwards",
      "lead",
      null,
      "送信前の承認、宛先の確認、添付の検査を定める",
      "Approval before sending, check of addresses, check of attachments",
    ],
  ]),
  "web-exposure": tasks("web-exposure", [
    ["unpublish", 2, "measure", "systems", 1, "公開を止める。閲覧の記録は消さない", "Take it off the web; keep the access logs"],
    ["cache", 2, "measure", "systems", 24, "検索エンジンに、キャッシュの削除を依頼する", "Ask search engines to drop their caches"],
    [
      "collect",
      3,
      "collect",
      "systems",
      24,
      "URL、データ、公開されていた期間、閲覧の記録(だれが取得したか)を集める",
      "URL, data, time exposed, access log (who fetched it)",
      "facts",
    ],
    ["copies", 5, "secondary", "press", null, "転載を探し、削除を求め、監視する", "Look for copies, ask for their removal, keep watching"],
    ["workflow", 6, "afterwards", "systems", null, "公開前の確認と権限を見直す", "Review the steps before publishing, and permissions"],
  ]),
  "loss-theft": tasks("loss-theft", [
    ["search", 2, "measure", "field", 2, "探し、交通機関・店舗に問い合わせる", "Search; call railways and shops"],
    ["police", 2, "measure", "field", 8, "警察へ届け出る(製造番号・形状・色を伝える)", "Report to the police with serial number, shape and colour"],
    ["lock", 2, "measure", "systems", 2, "遠隔でロック・消去し、保存していたパスワードを変える", "Lock or wipe from afar; change stored passwords", "measures"],
    [
      "collect",
      3,
      "collect",
      "field",
      24,
      "機器・媒体の番号、場所・時刻・理由、内容と件数、暗号化を集める",
      "Number of the device or medium, place, time, reason, contents and count, encryption",
      "facts",
    ],
    [
      "market",
      5,
      "secondary",
      "press",
      null,
      "オークション・中古市場を見張り、カード・口座の停止を勧める",
      "Watch auctions and second-hand shops; advise stopping cards and accounts",
    ],
    ["rules", 6, "afterwards", "lead", null, "持ち出しの決まりと機器の暗号化を見直す", "Review the rules for taking devices out, and disk encryption"],
  ]),
  insider: tasks("insider", [
    ["small", 1, "step", "lead", 1, "知る人を最小限にし、対象者に知られないようにする", "Keep the team small and secret from the person concerned"],
    ["suspend", 2, "measure", "systems", 4, "対象者のアカウントを凍結し、書き出しを止める", "Freeze the account; hold exports", "measures"],
    ["evidence", 2, "measure", "systems", 8, "入退室・操作・印刷・USBの記録とPCを保全する", "Preserve door, operation, print and USB logs and the PC"],
    [
      "collect",
      3,
      "collect",
      "lead",
      48,
      "アクセスできた人、閲覧・操作の記録、量、渡した相手を集める",
      "Who had access, access logs, volume, whom it went to",
      "facts",
    ],
    ["police", 4, "step", "legal", 72, "警察・弁護士に相談する。脅しに応じない", "Police and lawyer; never yield to blackmail"],
    ["brokers", 5, "secondary", "legal", null, "名簿業者などに利用停止と返却を求める", "Demand that brokers stop using and return it"],
    ["least", 6, "afterwards", "lead", null, "権限を最小にし、書き出しと委託先の監督を見直す", "Least privilege; review exports and supervision"],
  ]),
  contractor: tasks("contractor", [
    ["told", 1, "collect", "lead", 4, "委託先が知った時刻と、知らせを受けた時刻を記録する", "Record when the contractor knew, and when it told us", "facts"],
    [
      "stop",
      2,
      "measure",
      "lead",
      4,
      "委託先への提供を止め、渡した名簿のダウンロードを取り消す",
      "Stop what is handed over; withdraw its downloads",
      "measures",
    ],
    [
      "collect",
      3,
      "collect",
      "lead",
      48,
      "委託の内容、渡したデータ、再委託、委託先の記録と調査の状況を集める",
      "The contract, data handed over, sub-contractors, its logs and findings",
      "facts",
    ],
    ["joint", 4, "step", "legal", 72, "報告の分担(連名、規則9条の通知)を決める", "Decide who reports: jointly, or by notice under 規則9条", "drafts"],
    ["supervise", 6, "afterwards", "lead", null, "委託先の監督、返却・消去の確認を見直す", "Review supervision, return and erasure"],
  ]),
  ransomware: tasks("ransomware", [
    [
      "unplug",
      2,
      "measure",
      "systems",
      1,
      "感染した機器を通信から切り離す(電源は切らない)。バックアップを切り離す",
      "Cut machines off the network, leave them on; disconnect backups",
    ],
    ["shut", 2, "measure", "systems", 2, "必要なら全サービスを止める", "Stop the whole service if need be", "measures"],
    [
      "note",
      2,
      "collect",
      "systems",
      8,
      "脅迫文、拡張子、時刻、連絡先を写しに残す。支払いを現場で決めない",
      "Keep the note, extensions, times, contacts; nobody on the spot decides to pay",
    ],
    [
      "collect",
      3,
      "collect",
      "systems",
      48,
      "侵入経路、暗号化された範囲、持ち出しの痕跡、復旧できるデータを集める",
      "Route, what was encrypted, traces of exfiltration, what can be restored",
      "facts",
    ],
    [
      "common-form",
      4,
      "step",
      "legal",
      72,
      "ランサムウェアの共通様式で、警察・関係省庁へ報告する",
      "Report on the common form for ransomware to police and ministries",
      "drafts",
    ],
    [
      "leak-site",
      5,
      "secondary",
      "systems",
      null,
      "公開サイトを調査会社経由で見張る。自分で見に行かない",
      "Watch leak sites through specialists, not by oneself",
    ],
    ["restore", 5, "step", "systems", null, "清潔なバックアップから、機器を作り直して戻す", "Rebuild machines and restore from clean backups"],
    ["afterwards", 6, "afterwards", "systems", null, "更新、多要素、離れたバックアップを整える", "Patches, factors, off-line backups"],
  ]),
};

/** The tasks of a cause as shipped: in the order of phases, what is common first. */
export const shippedPlaybooks: Readonly<Record<PlaybookKey, readonly ShippedTask[]>> = Object.fromEntries(
  Object.entries(own).map(([key, ofCause]) => [key, [...common, ...ofCause].toSorted((a, b) => a.phase - b.phase)]),
) as unknown as Record<PlaybookKey, readonly ShippedTask[]>;

const byKey: ReadonlyMap<string, ShippedTask> = new Map(Object.values(shippedPlaybooks).flatMap((list) => list.map((task) => [task.key, task] as const)));

const finalTask = "common.final";

/**
 * When a task is due: as it stands, but for that of the 確報 where the house gave it no hours of its own. It is due by the end of the day on
 * which the report is (規則8条2項: 30 or 60 days, as `finalDue` was judged).
 * @param knownAt ISO moment @param finalDue day in Japan
 */
export function dueOfTask({ key, dueAt }: { readonly key: string | null; readonly dueAt: string | null }, knownAt: string, finalDue: string): string | null {
  const hours = byKey.get(finalTask)?.dueHours ?? null;
  const isShipped = key === finalTask && dueAt !== null && hours !== null && Date.parse(dueAt) === Date.parse(knownAt) + hours * 3_600_000;
  return isShipped ? new Date(`${finalDue}T23:59:00+09:00`).toISOString() : dueAt;
}

export function shippedTask(key: string): ShippedTask | undefined {
  return byKey.get(key);
}
