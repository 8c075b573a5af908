import type { Same } from "#web/words/words.ts";

/**
 * What staff are told about the recording of their work (個人情報保護委員会 ガイドラインQ&A 5-7: the purpose, who reads it, by which
 * rules). A change of what `said` says raises `noticeVersion` in shared/monitoring.ts; monitoring.test.ts holds the two together.
 */
export const monitoringJa = {
  title: "仕事の記録についてのお知らせ",
  menu: "仕事の記録について",
  settings: "記録のお知らせ",
  said: {
    lead: "このシステムは、あなたの閲覧・検索・変更を記録します。",
    what: "記録すること",
    whatList: [
      "ログインとログアウト、失敗したログイン",
      "顧客・会社・職員の表示、検索、伏せ字の表示",
      "登録、変更、削除、取り込み、申請と承認、権限の変更",
      "電話やメールへの使用、印刷、ファイルへの出力",
      "断られた操作",
    ],
    whatWith: "それぞれに、日時、あなたのアカウント、ログインとIPアドレス、述べた目的、対象の顧客と項目を残します。検索に入力した言葉は、暗号化して残します。",
    notWhat: "記録しないこと",
    notWhatText: "パスワード、画面の映像、キー入力、このシステムの外での操作は記録しません。",
    why: "なぜ記録するか",
    whyText:
      "お客さまの個人情報を守るためです(個人情報保護法 第23条 安全管理措置、第24条 従業者の監督)。漏えいが疑われたときに、だれの情報が見られたかを正確に確かめます。あなたが見ていないことも、この記録が示します。",
    who: "だれが読むか",
    whoLedger: "全員の記録を読むのは、次の役割の人だけです。",
    whoExposures: "自分が見られる顧客について「だれが見たか」を確かめられる役割もあります。",
    whoNobody: "いま、この役割の人はいません。",
    whoRecorded: "読んだことも、同じように記録されます。読める人を増やすには、個人情報保護管理者の同意が必要です。",
    howLong: "いつまで残すか",
    howLongText: "少なくとも25か月残します。あとからの書き換えや削除は、検証で分かるようになっています。",
    own: "自分の記録を見るには",
    ownText: "画面の右上の「本日の閲覧」か、アカウントのメニューの「自分の記録」から、あなた自身の記録をいつでも見られます。",
  },
  organisation: (name: string) => `${name}からのお知らせ`,
  confirm: "確認しました",
  acknowledged: (at: string) => `${at} に確認しました。`,
  changed: "お知らせの内容が変わりました。もう一度ご確認ください。",
  leave: "ログアウト",
  editLead: "問い合わせ先や社内規程など、貴社の説明を加えられます。保存すると、全員が次に開いたときに改めて表示されます。",
  editLabel: "貴社からの説明",
  editHint: "書式のない文章で、4,000字まで。",
  saved: "保存しました。全員に改めて表示されます",
};

export const monitoringEn: Same<typeof monitoringJa> = {
  title: "How your work is recorded",
  menu: "How work is recorded",
  settings: "Notice about recording",
  said: {
    lead: "This system records what you view, search for and change.",
    what: "What is recorded",
    whatList: [
      "Signing in and out, and sign-ins that fail",
      "Viewing customers, companies and staff, searching, revealing masked values",
      "Creating, changing, deleting, importing, asking and approving, changes of rights",
      "Using a value for a call or mail, printing, taking out as a file",
      "What was refused",
    ],
    whatWith:
      "With each: the time, your account, the session and IP address, the purpose you stated, and the customers and fields concerned. The words you searched for are kept encrypted.",
    notWhat: "What is not recorded",
    notWhatText: "Passwords, pictures of your screen, your keystrokes, and anything you do outside this system.",
    why: "Why",
    whyText:
      "To protect the personal data of customers (Act on the Protection of Personal Information, Articles 23 and 24). When a leak is suspected, it tells exactly whose data was seen. It also shows what you did not look at.",
    who: "Who reads it",
    whoLedger: "Only people with these roles read everybody's record.",
    whoExposures: "These roles can see who viewed a customer, for customers they may view themselves.",
    whoNobody: "At present nobody has such a role.",
    whoRecorded: "Reading it is recorded in the same way. Nobody else is given such a role without the privacy officer’s consent.",
    howLong: "How long it is kept",
    howLongText: "At least 25 months. Changes and removals afterwards are found when the ledger is verified.",
    own: "Seeing your own record",
    ownText: "Choose “Viewed today” at the top right, or “My record” in the account menu, at any time.",
  },
  organisation: (name) => `From ${name}`,
  confirm: "I have read this",
  acknowledged: (at) => `Confirmed ${at}.`,
  changed: "This notice has changed. Please read it again.",
  leave: "Sign out",
  editLead: "Add your own explanation: whom to ask, your rules. Once saved, everybody is shown the notice again when they next open the system.",
  editLabel: "Your explanation",
  editHint: "Plain text, up to 4,000 characters.",
  saved: "Saved. Everybody will be shown it again",
};
