/**
 * The catalogue of facts of an incident (事実), closed: the fields of the official report form (個人情報の保護に関する法律施行規則 別記様式第一)
 * and what the rules of 規則7条, the exemption of enciphered data, entrusted handling (委託) and card data ask
 * besides.
 */
export const factTypes = ["text", "date", "choice", "number"] as const;
export type FactType = (typeof factTypes)[number];

export const factSections = {
  circumstances: { ja: "漏えいに当たるか", en: "Whether it is a leak" },
  routing: { ja: "報告先", en: "Where to report" },
  report: { ja: "報告の種別", en: "Kind of report" },
  reporter: { ja: "報告者", en: "Who reports" },
  outline: { ja: "1. 概要", en: "1. Outline" },
  items: { ja: "2. 個人データの項目", en: "2. Items of personal data" },
  persons: { ja: "3. 本人の数", en: "3. Number of people" },
  cause: { ja: "4. 原因", en: "4. Cause" },
  secondary: { ja: "5. 二次被害", en: "5. Secondary damage" },
  response: { ja: "6. 本人への対応", en: "6. Response to the people" },
  publication: { ja: "7. 公表", en: "7. Publication" },
  prevention: { ja: "8. 再発防止", en: "8. Prevention" },
  other: { ja: "9. その他", en: "9. Other" },
  encryption: { ja: "暗号化", en: "Encryption" },
  ransomware: { ja: "ランサムウェア", en: "Ransomware" },
  card: { ja: "カード情報", en: "Card data" },
  desk: { ja: "問い合わせ窓口", en: "Desk for inquiries" },
  inquiries: { ja: "窓口への問い合わせ", en: "Inquiries at the desk" },
} as const;
export type FactSection = keyof typeof factSections;

export interface FactChoice {
  readonly key: string;
  readonly ja: string;
  readonly en: string;
}

export interface FactDefinition {
  readonly key: string;
  readonly section: FactSection;
  readonly ja: string;
  readonly en: string;
  readonly type: FactType;
  /** Of a `choice`: what may be chosen. */
  readonly choices?: readonly FactChoice[];
  /** Of a `choice`: several may hold; the value is their keys joined by commas. */
  readonly isMany?: true;
  /** Of a `text`: several lines. */
  readonly isLong?: true;
  /** Asked only where another fact has one of these values; elsewhere it is 該当なし. */
  readonly when?: { readonly key: string; readonly is: readonly string[] };
  /** Where the papers take it from as long as nobody stated it. */
  readonly derivedFrom?: "judgement" | "scope" | "timeline" | "paper" | "organisation" | "notices";
  /** A field of the official form. */
  readonly isOnForm?: true;
}

const choice = (key: string, ja: string, en: string): FactChoice => ({ key, ja, en });
const yesNo: readonly FactChoice[] = [choice("yes", "はい", "Yes"), choice("no", "いいえ", "No")];
const isThere: readonly FactChoice[] = [choice("yes", "有", "Yes"), choice("no", "無", "No")];
const degree: readonly FactChoice[] = [choice("certain", "確定", "Certain"), choice("possible", "おそれ", "Possible"), choice("none", "なし", "None")];

type More = Omit<FactDefinition, "key" | "section" | "ja" | "en" | "type">;
type Short = readonly [name: string, ja: string, en: string, type: FactType, more?: More];

const onForm = { isOnForm: true } as const;
const long = { isLong: true } as const;
const chosen = (choices: readonly FactChoice[], more: More = {}): More => ({ choices, ...more });
const of = (section: FactSection, facts: readonly Short[]): FactDefinition[] =>
  facts.map(([name, ja, en, type, more]) => ({ key: `${section}.${name}`, section, ja, en, type, ...more }));
const where = (key: string, ...is: string[]): Pick<FactDefinition, "when"> => ({ when: { key, is } });

export const factCatalogue: readonly FactDefinition[] = [
  ...of("circumstances", [
    ["recoveredUnread", "第三者に見られる前にすべて回収した", "All of it was recovered before anybody else saw it", "choice", chosen(yesNo)],
    ["nobodyViewed", "閲覧の記録で、誰も見ていないと確かめた", "The access log shows that nobody viewed it", "choice", chosen(yesNo)],
    ["copyKept", "失われたデータと同じ内容を別に保管している", "What was lost or damaged is kept elsewhere as well", "choice", chosen(yesNo)],
    ["pseudonymised", "仮名加工情報である(元の情報は含まない)", "The data are pseudonymised, the key not among them", "choice", chosen(yesNo)],
    ["sensitive", "要配慮個人情報を含む", "Special care-required personal information is among it", "choice", chosen(yesNo, { derivedFrom: "scope" })],
    ["paymentLogin", "決済のできるサービスのIDとパスワードを含む", "Logins of a service with payment are among it", "choice", chosen(yesNo)],
    [
      "financialHarm",
      "不正に利用され財産的被害が生じるおそれがある",
      "Misuse may cause financial damage",
      "choice",
      chosen(yesNo, { derivedFrom: "judgement" }),
    ],
    [
      "wrongfulPurpose",
      "不正の目的をもって行われたおそれがある",
      "It may have been done with a wrongful purpose",
      "choice",
      chosen(yesNo, { derivedFrom: "judgement" }),
    ],
    [
      "takenOnEntry",
      "入力中の情報を直接盗み取られたおそれがある(Webスキミング等)",
      "Data may have been taken while being typed (web skimming)",
      "choice",
      chosen(yesNo),
    ],
    [
      "mayExceedThousand",
      "本人の数が1,000人を超えるおそれがある",
      "More than 1,000 people may be concerned",
      "choice",
      chosen(yesNo, { derivedFrom: "scope" }),
    ],
  ]),
  ...of("routing", [
    ["myNumber", "マイナンバーが含まれる", "Individual Numbers (My Number) are among it", "choice", chosen(yesNo, onForm)],
    [
      "operator",
      "報告する者",
      "Who is obliged",
      "choice",
      chosen([choice("private", "民間事業者", "Private operator"), choice("administrative", "行政機関等", "Administrative body")], onForm),
    ],
    ["delegated", "報告を受ける権限が事業所管大臣に委任された業種", "Sector whose reports go to a ministry", "choice", chosen(yesNo, onForm)],
    ["authority", "委任先", "That ministry", "text", { ...onForm, ...where("routing.delegated", "yes") }],
    ["privacyMark", "プライバシーマークの付与を受けている", "Holder of the Privacy Mark", "choice", chosen(yesNo)],
  ]),
  ...of("report", [
    [
      "stage",
      "報告種別",
      "Stage of the report",
      "choice",
      chosen([choice("preliminary", "速報", "Preliminary"), choice("final", "確報", "Final")], { ...onForm, derivedFrom: "paper" }),
    ],
    [
      "sequence",
      "新規・続報の別",
      "First or further report",
      "choice",
      chosen([choice("first", "新規", "First"), choice("further", "続報", "Further")], onForm),
    ],
    ["previousOn", "前回の報告日", "Day of the report before", "date", { ...onForm, ...where("report.sequence", "further") }],
    ["receiptNo", "前回の受付番号", "Receipt number of the report before", "text", { ...onForm, ...where("report.sequence", "further") }],
  ]),
  ...of("reporter", [
    ["name", "名称", "Name", "text", { ...onForm, derivedFrom: "organisation" }],
    ["nameKana", "フリガナ", "Reading of the name", "text", onForm],
    ["corporateNumber", "法人番号", "Corporate number", "text", onForm],
    ["industry", "業種", "Industry", "text", onForm],
    ["address", "住所", "Address", "text", onForm],
    ["representative", "代表者の氏名", "Representative", "text", onForm],
    ["contactName", "事務連絡者の氏名", "Contact: name", "text", onForm],
    ["contactDepartment", "事務連絡者の所属", "Contact: department", "text", onForm],
    ["contactPhone", "事務連絡者の電話番号", "Contact: telephone", "text", onForm],
    ["contactMail", "事務連絡者のメールアドレス", "Contact: mail address", "text", onForm],
  ]),
  ...of("outline", [
    ["summary", "事態の概要", "What happened", "text", { ...onForm, ...long }],
    ["occurredOn", "発生日", "Day it happened", "date", onForm],
    ["discoveredOn", "発覚日", "Day it was discovered", "date", { ...onForm, derivedFrom: "timeline" }],
    ["leak", "漏えい", "Leak", "choice", chosen(degree, { ...onForm, derivedFrom: "scope" })],
    ["loss", "滅失", "Loss", "choice", chosen(degree, onForm)],
    ["damage", "毀損", "Damage", "choice", chosen(degree, onForm)],
    [
      "foundBy",
      "発見者",
      "Discovered by",
      "choice",
      chosen(
        [
          choice("own", "自社", "The company itself"),
          choice("consignee", "委託先", "A consignee"),
          choice("customer", "顧客・会員", "A customer or member"),
          choice("card-company", "カード会社", "A card company"),
          choice("partner", "取引先", "A business partner"),
          choice("police", "警察", "The police"),
          choice("other", "その他", "Other"),
        ],
        onForm,
      ),
    ],
    ["limbs", "規則7条各号該当性", "Limbs of Rule 7", "text", { ...onForm, derivedFrom: "judgement" }],
    ["consignor", "委託元の有無", "There is a consignor", "choice", chosen(isThere, { ...onForm, derivedFrom: "scope" })],
    ["consignorNames", "委託元の名称", "Consignors", "text", { ...onForm, ...long, ...where("outline.consignor", "yes") }],
    ["consignee", "委託先の有無", "There is a consignee", "choice", chosen(isThere, onForm)],
    ["consigneeNames", "委託先の名称", "Consignees", "text", { ...onForm, ...long, ...where("outline.consignee", "yes") }],
    ["course", "事実経過", "Course of events", "text", { ...onForm, ...long, derivedFrom: "timeline" }],
  ]),
  ...of("items", [
    [
      "media",
      "媒体",
      "Media",
      "choice",
      chosen([choice("paper", "紙", "Paper"), choice("electronic", "電子媒体", "Electronic"), choice("other", "その他", "Other")], {
        ...onForm,
        isMany: true,
        derivedFrom: "scope",
      }),
    ],
    ["mediaOther", "媒体(その他)", "Other media", "text", { ...onForm, ...where("items.media", "other") }],
    [
      "subjects",
      "種類",
      "Whose data",
      "choice",
      chosen([choice("customer", "顧客情報", "Customers"), choice("employee", "従業員情報", "Employees"), choice("other", "その他", "Other")], {
        ...onForm,
        isMany: true,
        derivedFrom: "scope",
      }),
    ],
    ["subjectsOther", "種類(その他)", "Other people", "text", { ...onForm, ...where("items.subjects", "other") }],
    [
      "fields",
      "項目",
      "Items",
      "choice",
      chosen(
        [
          choice("name", "氏名", "Name"),
          choice("birth", "生年月日", "Date of birth"),
          choice("sex", "性別", "Sex"),
          choice("address", "住所", "Address"),
          choice("phone", "電話番号", "Telephone"),
          choice("mail", "メールアドレス", "Mail address"),
          choice("card", "クレジットカード情報", "Card data"),
          choice("password", "パスワード", "Password"),
          choice("other", "その他", "Other"),
        ],
        { ...onForm, isMany: true, derivedFrom: "scope" },
      ),
    ],
    ["fieldsOther", "項目(その他)", "Other items", "text", { ...onForm, ...long, ...where("items.fields", "other"), derivedFrom: "scope" }],
  ]),
  ...of("persons", [
    ["total", "本人の数", "Number of people", "number", { ...onForm, derivedFrom: "scope" }],
    ["card", "うちクレジットカード情報を含む本人の数", "Of these with card data", "number", { ...onForm, ...where("items.fields", "card") }],
    ["sensitive", "うち要配慮個人情報を含む本人の数", "Of these with special care-required information", "number", { derivedFrom: "scope" }],
  ]),
  ...of("cause", [
    [
      "actor",
      "主体",
      "Where it happened",
      "choice",
      chosen(
        [choice("reporter", "報告者", "At the reporter"), choice("consignee", "委託先", "At a consignee"), choice("unknown", "不明", "Not known")],
        onForm,
      ),
    ],
    [
      "kind",
      "原因",
      "Cause",
      "choice",
      chosen(
        [
          choice("unauthorised-access", "不正アクセス", "Unauthorised access"),
          choice("misdelivery", "誤交付", "Handed to the wrong person"),
          choice("missending", "誤送付", "Sent to the wrong place"),
          choice("misdisposal", "誤廃棄", "Disposed of by mistake"),
          choice("loss", "紛失", "Loss"),
          choice("theft", "盗難", "Theft"),
          choice("staff", "従業員不正", "Misconduct of staff"),
          choice("other", "その他", "Other"),
        ],
        { ...onForm, derivedFrom: "judgement" },
      ),
    ],
    ["method", "不正アクセスの手口", "How access was gained", "text", { ...onForm, ...long, ...where("cause.kind", "unauthorised-access") }],
    ["detail", "原因の詳細", "Details of the cause", "text", { ...onForm, ...long }],
  ]),
  ...of("secondary", [
    ["state", "二次被害又はそのおそれ", "Secondary damage, or a risk of it", "choice", chosen(isThere, onForm)],
    ["detail", "二次被害の内容", "What damage", "text", { ...onForm, ...long, ...where("secondary.state", "yes") }],
  ]),
  ...of("response", [
    [
      "state",
      "本人への対応",
      "Response to the people",
      "choice",
      chosen([choice("done", "対応済", "Done"), choice("ongoing", "対応中", "Under way"), choice("not-yet", "未対応", "Not yet")], {
        ...onForm,
        derivedFrom: "notices",
      }),
    ],
    ["doneOn", "対応した日", "Day of the response", "date", { ...onForm, ...where("response.state", "done"), derivedFrom: "notices" }],
    ["reason", "未対応の理由", "Why not yet", "text", { ...onForm, ...long, ...where("response.state", "not-yet") }],
    ["method", "対応の方法・内容", "How the people are told, and what", "text", { ...onForm, ...long, derivedFrom: "notices" }],
  ]),
  ...of("publication", [
    [
      "state",
      "公表",
      "Publication",
      "choice",
      chosen(
        [
          choice("done", "公表済", "Published"),
          choice("planned", "公表予定", "Planned"),
          choice("considering", "検討中", "Under consideration"),
          choice("none", "予定なし", "Not planned"),
        ],
        onForm,
      ),
    ],
    ["on", "公表日・予定日", "Day of publication", "date", { ...onForm, ...where("publication.state", "done", "planned") }],
    [
      "methods",
      "公表の方法",
      "How it is published",
      "choice",
      chosen(
        [
          choice("website", "ホームページに掲載", "Web site"),
          choice("press-conference", "記者会見", "Press conference"),
          choice("handout", "報道機関等への資料配布", "Handout to the press"),
          choice("other", "その他", "Other"),
        ],
        { ...onForm, isMany: true, ...where("publication.state", "done", "planned") },
      ),
    ],
    ["text", "公表文", "Text of the publication", "text", { ...onForm, ...long, ...where("publication.state", "done", "planned") }],
  ]),
  ...of("prevention", [
    ["done", "実施済の措置", "Measures taken", "text", { ...onForm, ...long }],
    ["planned", "今後実施予定の措置", "Measures planned", "text", { ...onForm, ...long }],
    ["plannedOn", "完了予定の時期", "When they will be complete", "date", onForm],
  ]),
  ...of("other", [
    [
      "investigation",
      "外部機関による調査",
      "Investigation by an outside body",
      "choice",
      chosen(
        [
          choice("done", "実施済", "Done"),
          choice("running", "実施中", "Under way"),
          choice("planned", "実施予定", "Planned"),
          choice("none", "予定なし", "Not planned"),
        ],
        onForm,
      ),
    ],
    [
      "investigationDetail",
      "調査の実施状況",
      "State of the investigation",
      "text",
      { ...onForm, ...long, ...where("other.investigation", "done", "running", "planned") },
    ],
    [
      "police",
      "警察への届出",
      "Report to the police",
      "choice",
      chosen([choice("done", "届出済", "Reported"), choice("planned", "届出予定", "Planned"), choice("none", "予定なし", "Not planned")], onForm),
    ],
    ["policeDetail", "届出先・受理番号", "Police station, receipt number", "text", { ...onForm, ...where("other.police", "done", "planned") }],
    ["authorities", "他の省庁等への報告", "Reports to other authorities", "text", { ...onForm, ...long }],
    ["foreign", "海外当局への報告", "Reports to authorities abroad", "text", { ...onForm, ...long }],
    ["remarks", "その他参考となる事項", "Other matters of reference", "text", { ...onForm, ...long }],
  ]),
  ...of("encryption", [
    ["applied", "高度な暗号化その他の措置が講じられていた", "High-grade encryption or like measures were applied", "choice", chosen(yesNo)],
    ["coversAll", "漏えいした個人データのすべてに講じられていた", "It covered all that leaked", "choice", chosen(yesNo, where("encryption.applied", "yes"))],
    ["cipher", "暗号方式・実装", "Cipher and implementation", "text", where("encryption.applied", "yes")],
    [
      "onList",
      "電子政府推奨暗号リスト又はISO/IEC 18033の暗号技術で、適切に実装されている",
      "Cipher of the CRYPTREC list or ISO/IEC 18033, properly implemented",
      "choice",
      chosen(yesNo, where("encryption.applied", "yes")),
    ],
    ["keyApart", "復号鍵が分離され、漏えいを防ぐ措置がある", "The key is kept apart and guarded", "choice", chosen(yesNo, where("encryption.applied", "yes"))],
    [
      "remoteErasure",
      "遠隔操作で情報又は復号鍵を削除できる",
      "Data or key can be erased from afar",
      "choice",
      chosen(yesNo, where("encryption.applied", "yes")),
    ],
    [
      "keyUnusable",
      "第三者が復号鍵を行使できない設計である",
      "Others cannot make use of the key by design",
      "choice",
      chosen(yesNo, where("encryption.applied", "yes")),
    ],
    [
      "keyUntouched",
      "期間中、復号鍵の不審な使用がない",
      "No suspicious use of the key in the time in question",
      "choice",
      chosen(yesNo, where("encryption.applied", "yes")),
    ],
    ["keyPlace", "復号鍵の保管場所", "Where the key is kept", "text", where("encryption.applied", "yes")],
  ]),
  ...of("ransomware", [
    ["struck", "ランサムウェアによる被害である", "It was done by ransomware", "choice", chosen(yesNo)],
    [
      "kinds",
      "ランサムウェアの類型",
      "Type of ransomware",
      "choice",
      chosen(
        [
          choice("encrypted", "データの暗号化", "Encrypted data"),
          choice("threatened", "公開すると示唆", "Threatened to publish"),
          choice("published", "リークサイト等で公開", "Published on a leak site"),
          choice("demanded", "金銭の要求", "Demanded money"),
        ],
        { isMany: true, ...where("ransomware.struck", "yes") },
      ),
    ],
    ["note", "ランサムノート(金銭を要求する文言)", "Ransom note", "text", { ...long, ...where("ransomware.struck", "yes") }],
    ["extension", "暗号化されたファイルの拡張子", "Extension of encrypted files", "text", where("ransomware.struck", "yes")],
    ["family", "ランサムウェアの名称", "Name of the ransomware", "text", where("ransomware.struck", "yes")],
    ["entry", "侵入方法", "How they came in", "text", { ...long, ...where("ransomware.struck", "yes") }],
    ["indicators", "特徴(インディケータ情報)", "Indicators (hashes, addresses, tools)", "text", { ...long, ...where("ransomware.struck", "yes") }],
    ["systems", "被害を受けた機器・システム", "Machines and systems that were hit", "text", { ...long, ...where("ransomware.struck", "yes") }],
    ["impact", "業務への影響", "What it did to the business", "text", { ...long, ...where("ransomware.struck", "yes") }],
    ["restoring", "復旧の状況・見込み", "How far it is restored", "text", { ...long, ...where("ransomware.struck", "yes") }],
  ]),
  ...of("card", [
    ["acquirer", "アクワイアラ・決済代行会社", "Acquirer or payment service", "text"],
    ["stopped", "カード決済を停止した", "Card payment is stopped", "choice", chosen(yesNo)],
    ["stoppedOn", "決済を停止した日", "Day it was stopped", "date", where("card.stopped", "yes")],
    [
      "investigation",
      "PFI(フォレンジック調査機関)の調査",
      "PCI forensic investigation",
      "choice",
      chosen([
        choice("done", "完了", "Done"),
        choice("running", "調査中", "Under way"),
        choice("asked", "依頼済", "Asked for"),
        choice("none", "未依頼", "Not asked for"),
      ]),
    ],
    ["from", "対象となるカード利用の始まり", "Card use concerned: from", "date"],
    ["to", "対象となるカード利用の終わり", "Card use concerned: to", "date"],
  ]),
  ...of("desk", [
    ["name", "窓口の名称", "Name of the desk", "text"],
    ["phone", "電話番号", "Telephone", "text"],
    ["mail", "メールアドレス", "Mail address", "text"],
    ["hours", "受付時間", "Hours", "text"],
    ["page", "案内ページ", "Page with information", "text"],
  ]),
  ...of("inquiries", [
    ["total", "問い合わせの件数", "Inquiries", "number"],
    ["harm", "うち被害の申し出の件数", "Of these with a report of harm", "number"],
  ]),
];
