import { dayInJapan } from "#shared/day-in-japan.ts";
import { itemsOf } from "../law/read-facts.ts";
import { codeOf, countText, dayText, factRow, passage, personsNow, plain, tellChoice, tellText, toldRow, wordsRow, type Ground, type Told } from "./ground.ts";
import type { Entry, Section } from "./paper.ts";
import { formFields, nineItems } from "./report-form.ts";

const section = (key: string, title: string | null, ...entries: readonly Entry[]): Section => ({ key, title, entries });

export function itemsNow({ facts, playbook, scope }: Ground): readonly string[] {
  return itemsOf({ facts, playbook, scope })?.items ?? [];
}

export function dayTold(ground: Ground, key: string): Told {
  const day = codeOf(ground, key);
  const no = ground.facts.get(key)?.factNo;
  if (day === null && key === "outline.discoveredOn") {
    return { state: "derived", pieces: [plain(dayText(dayInJapan(ground.knownAt)))], evidence: [], isToBeChecked: true };
  }
  return day === null
    ? { state: "unknown", pieces: [plain("(日付を確認中)")], evidence: [] }
    : { state: "stated", pieces: [plain(dayText(day))], evidence: no === undefined ? [] : [{ kind: "fact", no }] };
}

/** Who the letters go to, on the screen alone. */
function addressees(ground: Ground): Section {
  const persons = personsNow(ground);
  const evidence = ground.scope === null ? [] : [{ kind: "scope-run" as const, no: ground.scope.runNo }];
  return {
    key: "addressees",
    title: "送付の対象(この欄は文面に入りません)",
    entries: [
      toldRow(
        "addressees.count",
        "人数",
        persons === null
          ? { state: "unknown", pieces: [plain("範囲の調べがまだです")], evidence: [] }
          : { state: "derived", pieces: [plain(`確認 ${countText(persons.atLeast)}人 / 可能性 ${countText(persons.atMost - persons.atLeast)}人`)], evidence },
        { isInternal: true },
      ),
    ],
  };
}

/** What the people should watch for, by the items that got out. */
function advice(ground: Ground): string {
  const items = itemsNow(ground);
  return [
    "当社を名乗る不審な電話、メール、郵便物などがありましたら、お心当たりのないものには応じず、下記の窓口までお知らせください。当社から、お電話やメールで暗証番号やカード番号をお尋ねすることはありません。",
    ...(items.includes("password") ? ["ほかのサービスで同じパスワードをお使いの場合は、お早めに変更をお願いいたします。"] : []),
    ...(items.includes("card")
      ? ["お手元のカードのご利用明細に、お心当たりのないご請求がないかご確認ください。カードの再発行にかかる手数料のご負担はございません。"]
      : []),
  ].join("\n");
}

export function deskEntries(ground: Ground): Entry[] {
  return (
    [
      ["desk.name", "窓口"],
      ["desk.phone", "電話"],
      ["desk.mail", "メール"],
      ["desk.hours", "受付時間"],
      ["desk.page", "案内ページ"],
    ] as const
  ).map(([key, label]) => factRow(ground, key, label));
}

/** 規則10条: the outline, the items, the cause, secondary damage, other matters. */
export function personNotice(ground: Ground): Section[] {
  return [
    addressees(ground),
    section(
      "opening",
      null,
      passage("opening.addressee", "(お名前) 様"),
      passage("opening.sender", ground.organisation),
      passage(
        "opening.apology",
        "平素より格別のご愛顧を賜り、厚く御礼申し上げます。\nこのたび、当社が保有するお客様の個人情報について、漏えい、又はそのおそれがある事態が発生いたしました。お客様には多大なるご迷惑とご心配をおかけしますことを、深くおわび申し上げます。現在判明している事実を、下記のとおりお知らせいたします。",
      ),
    ),
    section(
      "outline",
      "1. 概要",
      passage("outline.summary", tellText(ground, "outline.summary")),
      passage("outline.days", "発生した日: ", dayTold(ground, "outline.occurredOn"), "　判明した日: ", dayTold(ground, "outline.discoveredOn")),
    ),
    section(
      "items",
      "2. 対象となるお客様の情報",
      passage("items.fields", tellChoice(ground, "items.fields")),
      passage("items.limits", "上記以外の情報については、現時点で漏えいを確認しておりません。"),
    ),
    section("cause", "3. 原因", passage("cause.detail", tellText(ground, "cause.detail", "現在調査中です。判明次第お知らせいたします。"))),
    section("secondary", "4. 二次被害について", passage("secondary.detail", secondaryTold(ground)), passage("secondary.advice", advice(ground))),
    section(
      "other",
      "5. 当社の対応",
      passage("other.measures", tellText(ground, "prevention.done", "被害の拡大を防ぐ措置を講じ、原因の調査を進めております。")),
      passage("other.promise", "今回の事態を重く受け止め、再発の防止に全力で取り組んでまいります。"),
    ),
    section("desk", "お問い合わせ窓口", ...deskEntries(ground)),
  ];
}

export function secondaryTold(ground: Ground): Told {
  const state = codeOf(ground, "secondary.state");
  const evidence = ground.facts.get("secondary.state");
  const on = evidence === undefined ? [] : [{ kind: "fact" as const, no: evidence.factNo }];
  if (state === "yes") {
    return tellText(ground, "secondary.detail", "二次被害のおそれがあります。内容を調査中です。");
  }
  return state === "no"
    ? { state: "stated", pieces: [plain("現時点で、情報が不正に利用された事実は確認しておりません。")], evidence: on }
    : { state: "unknown", pieces: [plain("情報が不正に利用されていないか、現在確認しております。")], evidence: on };
}

/** The same in English. What was typed in Japanese is put into words of one's own by the officer. */
export function personNoticeEnglish(ground: Ground): Section[] {
  return [
    addressees(ground),
    section(
      "opening",
      null,
      passage("opening.addressee", "Dear (name),"),
      passage(
        "opening.apology",
        `We are writing to tell you of an incident in which personal information that ${ground.organisation === "" ? "we" : ground.organisation} hold${ground.organisation === "" ? "" : "s"} about you was, or may have been, disclosed. We apologise sincerely for the trouble and worry this causes. This is what we know at present.`,
      ),
    ),
    section(
      "outline",
      "1. What happened",
      passage("outline.summary", { state: "unknown", pieces: [plain("We are still establishing what happened.")], evidence: [] }),
    ),
    section("items", "2. Information concerned", passage("items.fields", tellChoice(ground, "items.fields", "en"))),
    section("cause", "3. Cause", passage("cause.detail", { state: "unknown", pieces: [plain("The cause is under investigation.")], evidence: [] })),
    section(
      "secondary",
      "4. Risk of misuse",
      passage(
        "secondary.detail",
        codeOf(ground, "secondary.state") === "no"
          ? "At present we know of no misuse of the information."
          : "We are examining whether the information has been misused.",
      ),
      passage(
        "secondary.advice",
        "Please do not respond to suspicious calls, mails or letters in our name, and tell us of them. We never ask for passwords or card numbers by telephone or mail.",
      ),
    ),
    section(
      "other",
      "5. What we are doing",
      passage("other.measures", "We have taken measures against further damage and will do all we can to prevent a recurrence."),
    ),
    section("desk", "Contact", ...deskEntries(ground).map((entry) => ({ ...entry, label: englishLabels[entry.key] ?? entry.label }))),
  ];
}

const englishLabels: Readonly<Record<string, string>> = {
  "desk.name": "Desk",
  "desk.phone": "Telephone",
  "desk.mail": "Mail",
  "desk.hours": "Hours",
  "desk.page": "Web page",
};

/** 規則9条: a consignee tells its consignor the items ①〜⑨ as far as known, and is released from its own report. */
export function consignorNotice(ground: Ground): Section[] {
  return [
    section(
      "opening",
      null,
      passage("opening.addressee", tellText(ground, "outline.consignorNames", "(委託元の名称)"), " 御中"),
      passage("opening.sender", ground.organisation),
      passage(
        "opening.words",
        "貴社から取扱いの委託を受けている個人データについて、漏えい等、又はそのおそれがある事態が発生しました。個人情報の保護に関する法律26条1項ただし書及び同法施行規則9条に基づき、現時点で把握している事項を下記のとおり通知いたします。新たに判明した事項は、速やかに追ってご連絡いたします。",
      ),
      { ...passage("opening.separate", "委託元ごとに、その委託元の個人データに関する内容だけを記載してください。"), isInternal: true },
    ),
    ...formFields(ground, "preliminary", nineItems),
    contact(ground),
  ];
}

/** Whom to ask back. */
export function contact(ground: Ground): Section {
  return section(
    "contact",
    "連絡先",
    ...(
      [
        ["reporter.name", "会社"],
        ["reporter.contactDepartment", "部署"],
        ["reporter.contactName", "担当者"],
        ["reporter.contactPhone", "電話"],
        ["reporter.contactMail", "メール"],
      ] as const
    ).map(([key, label]) => factRow(ground, key, label)),
  );
}

export function partnerNotice(ground: Ground): Section[] {
  return [
    section(
      "opening",
      null,
      passage("opening.addressee", "お取引先各位"),
      passage("opening.sender", ground.organisation),
      passage(
        "opening.words",
        "平素は格別のお引き立てを賜り、厚く御礼申し上げます。\nこのたび、当社において個人情報の漏えい、又はそのおそれがある事態が発生いたしました。ご迷惑とご心配をおかけしますことを深くおわび申し上げ、現在判明している事実と当社の対応をご報告いたします。",
      ),
    ),
    section("outline", "1. 概要", passage("outline.summary", tellText(ground, "outline.summary"))),
    section("items", "2. 対象となる情報", passage("items.fields", tellChoice(ground, "items.fields"))),
    section(
      "impact",
      "3. 貴社への影響とお願い",
      passage(
        "impact.words",
        "貴社及び貴社の皆様の情報が含まれるかは、個別にご連絡いたします。当社を装った不審なメールや電話にご注意ください。当社との通信やファイルの受け渡しで不審な点がありましたら、下記までお知らせください。",
      ),
    ),
    section(
      "measures",
      "4. 当社の対応",
      passage("measures.done", tellText(ground, "prevention.done", "被害の拡大を防ぐ措置を講じ、原因の調査を進めております。")),
    ),
    contact(ground),
  ];
}

export function cardCompanyReport(ground: Ground): Section[] {
  return [
    section(
      "opening",
      null,
      passage("opening.addressee", tellText(ground, "card.acquirer", "(カード会社・決済代行会社の名称)"), " 御中"),
      passage("opening.sender", ground.organisation),
      passage(
        "opening.words",
        "当社において、クレジットカード情報の漏えい、又はそのおそれがある事態が発生しましたので、ご報告いたします。カードの不正利用の監視、対象期間の照会、公表の時期の調整にご協力をお願いいたします。",
      ),
    ),
    section(
      "facts",
      "状況",
      factRow(ground, "outline.summary"),
      factRow(ground, "outline.occurredOn"),
      factRow(ground, "outline.discoveredOn"),
      factRow(ground, "outline.foundBy"),
      factRow(ground, "items.fields"),
      factRow(ground, "persons.card"),
      factRow(ground, "card.from"),
      factRow(ground, "card.to"),
      factRow(ground, "card.stopped"),
      factRow(ground, "card.stoppedOn"),
      factRow(ground, "card.investigation"),
      factRow(ground, "cause.kind"),
      factRow(ground, "cause.detail"),
      factRow(ground, "publication.state"),
      factRow(ground, "publication.on"),
    ),
    section(
      "conduct",
      "当社の措置",
      wordsRow("conduct.evidence", "証拠の保全", "調査が終わるまで、対象のサーバーの停止・再起動・ファイルの削除を行わず、記録を保全します。", {
        isEditable: true,
      }),
      wordsRow("conduct.pfi", "フォレンジック調査", "PCI SSCが認定した調査機関(PFI)に依頼し、報告を関係先へ同時に提出します。", { isEditable: true }),
    ),
    contact(ground),
  ];
}
