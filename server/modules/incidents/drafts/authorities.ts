import { exemptionConditions } from "../law/exemption.ts";
import { codeOf, countText, factRow, momentText, passage, plain, tellFact, tellText, toldRow, wordsRow, type Ground } from "./ground.ts";
import { contact, dayTold } from "./letters.ts";
import type { Entry, Section } from "./paper.ts";

const section = (key: string, title: string | null, ...entries: readonly Entry[]): Section => ({ key, title, entries });

export function policeReport(ground: Ground): Section[] {
  return [
    section(
      "opening",
      null,
      passage("opening.addressee", isTheft(ground) ? "警察署長 殿" : "警察署長 殿(サイバー犯罪相談窓口)"),
      passage("opening.sender", ground.organisation),
      passage("opening.words", "下記の事態について、相談・届出をいたします。捜査に必要な資料は保全しており、ご指示に従い提出いたします。"),
    ),
    section(
      "facts",
      "事案の内容",
      factRow(ground, "outline.summary"),
      factRow(ground, "outline.occurredOn"),
      factRow(ground, "outline.discoveredOn"),
      wordsRow("facts.known", "当社が知った日時", momentText(ground.knownAt), { state: "stated" }),
      factRow(ground, "outline.foundBy"),
      factRow(ground, "outline.course"),
      factRow(ground, "cause.kind"),
      factRow(ground, "cause.method"),
      factRow(ground, "cause.detail"),
    ),
    section(
      "harm",
      "被害の状況",
      factRow(ground, "items.fields"),
      factRow(ground, "items.fieldsOther"),
      factRow(ground, "persons.total"),
      factRow(ground, "secondary.state"),
      factRow(ground, "secondary.detail"),
    ),
    ...(isTheft(ground)
      ? [
          section(
            "goods",
            "盗まれた物・なくした物",
            notKnownRow("goods.article", "物品(品名、製造番号、形状、色、特徴)"),
            notKnownRow("goods.place", "場所・時刻・状況"),
          ),
        ]
      : []),
    section(
      "evidence",
      "保全している資料",
      wordsRow(
        "evidence.ledger",
        "記録簿",
        "顧客情報の閲覧・出力・変更の全記録(改ざんを検証できる形式)。該当するアカウント、接続元アドレス、日時を抽出して提出できます。",
      ),
      toldRow("evidence.scope", "照合の結果", scopeTold(ground)),
    ),
    contact(ground),
  ];
}

/** The thing itself is what the police look for. */
export function isTheft(ground: Ground): boolean {
  return ground.playbook === "loss-theft" || ["loss", "theft"].includes(codeOf(ground, "cause.kind") ?? "");
}

/** A row that is no fact of the catalogue: 不明, until somebody writes it. */
function notKnownRow(key: string, label: string): Entry {
  return toldRow(key, label, { state: "unknown", pieces: [plain("不明(調査中)")], evidence: [] }, { isEditable: true });
}

/** The same, but for what a fact says of it already. */
function writtenRow(ground: Ground, key: string, label: string, fact: string): Entry {
  const told = tellFact(ground, fact);
  return told.state === "stated" || told.state === "assumed" ? toldRow(key, label, told, { isEditable: true }) : notKnownRow(key, label);
}

function scopeTold({ scope }: Ground): Parameters<typeof toldRow>[2] {
  return scope === null
    ? { state: "unknown", pieces: [plain("範囲の調べはまだ行っていません。")], evidence: [] }
    : {
        state: "derived",
        pieces: [plain(`記録番号${countText(scope.asOfEvent)}までを照合。確認 ${countText(scope.confirmed)}人、可能性 ${countText(scope.possible)}人。`)],
        evidence: [
          { kind: "scope-run", no: scope.runNo },
          { kind: "event", no: scope.asOfEvent },
        ],
      };
}

/** 独立行政法人情報処理推進機構: コンピュータウイルス・不正アクセスの届出. */
export function ipaReport(ground: Ground): Section[] {
  const isVirus = ground.playbook === "malware" || ground.playbook === "ransomware";
  return [
    section(
      "opening",
      null,
      passage("opening.addressee", "独立行政法人情報処理推進機構 セキュリティセンター 御中"),
      passage("opening.sender", ground.organisation),
    ),
    section(
      "facts",
      "届出の内容",
      wordsRow("facts.sort", "届出の種別", isVirus ? "■コンピュータウイルス □不正アクセス" : "□コンピュータウイルス ■不正アクセス", {
        isEditable: true,
        isToBeChecked: true,
      }),
      factRow(ground, "outline.discoveredOn"),
      factRow(ground, "outline.occurredOn"),
      factRow(ground, "outline.foundBy"),
      factRow(ground, "outline.summary"),
      factRow(ground, "cause.kind"),
      factRow(ground, "cause.method"),
      factRow(ground, "cause.detail"),
      writtenRow(ground, "facts.system", "被害を受けた機器・システム(種類、OS、ソフトウェアとその版)", "ransomware.systems"),
      isVirus
        ? writtenRow(ground, "facts.malware", "ウイルスの名称・検体の有無", "ransomware.family")
        : wordsRow("facts.malware", "ウイルスの名称・検体の有無", "該当なし", { isEditable: true }),
      factRow(ground, "items.fields"),
      factRow(ground, "persons.total"),
      factRow(ground, "prevention.done"),
      factRow(ground, "prevention.planned"),
      factRow(ground, "other.police"),
    ),
    contact(ground),
  ];
}

/** Shows, point by point, why data that left are exempt as enciphered, and what speaks against it. */
export function encryptionDossier(ground: Ground): Section[] {
  const { exemption } = ground.judgement;
  const result = { yes: "要件をすべて満たす", no: "要件を満たさない", unknown: "要件を示せていない" } as const;
  return [
    section(
      "opening",
      null,
      passage(
        "opening.words",
        "本資料は、漏えい等が発生し、又は発生したおそれがある個人データについて、「高度な暗号化その他の個人の権利利益を保護するために必要な措置」(個人情報の保護に関する法律施行規則7条1号かっこ書き)が講じられていたことを説明するものです。",
      ),
    ),
    section(
      "result",
      "1. 判定",
      toldRow("result.answer", "判定", {
        state: "derived",
        pieces: [plain(`${result[exemption.answer]}\n${exemption.reasons.map((reason) => reason.ja).join("\n")}`)],
        evidence: [],
        isToBeChecked: exemption.reasons.some((reason) => reason.isToBeChecked),
      }),
    ),
    section(
      "cipher",
      "2. 暗号技術",
      factRow(ground, "encryption.applied"),
      factRow(ground, "encryption.cipher"),
      factRow(ground, "encryption.onList"),
      factRow(ground, "encryption.coversAll"),
      wordsRow(
        "cipher.storehouse",
        "本製品の保管庫の場合",
        "値は ChaCha20-Poly1305(RFC 8439、電子政府推奨暗号リスト掲載)により、1人ごとに異なる鍵で、項目の区分ごとに認証付き暗号化されています。鍵は HMAC-SHA-512/256 による木構造から導出され、データベースには置かれません。",
        { isToBeChecked: true },
      ),
    ),
    section(
      "key",
      "3. 復号鍵の管理",
      factRow(ground, "encryption.keyPlace"),
      ...exemptionConditions.one.map((way, index) => ({ ...factRow(ground, way.key, `${"①②③"[index] ?? ""}${way.ja}`), isToBeChecked: way.isToBeChecked })),
      wordsRow(
        "key.storehouse",
        "本製品の保管庫の場合",
        "鍵のフォルダーは、データベースとその控えとは別の場所に置かれ(同じフォルダーへの設置は起動時に拒否されます)、それ自体も鍵暗号化鍵で封じられています。データベースの複製だけでは、値は1件も開けません。",
      ),
    ),
    section(
      "use",
      "4. 期間中の鍵の使用",
      factRow(ground, "encryption.keyUntouched"),
      toldRow("use.log", "記録簿による鍵に関わる操作", keyUseTold(ground)),
      passage(
        "use.words",
        "値を開く操作は必ず記録簿に残り、記録簿は追記しかできません。盗まれたセッションなど、正規の経路で平文が表示された場合は、本適用除外の対象になりません。",
      ),
    ),
    section(
      "index",
      "5. 暗号化されていない情報(索引から分かること)",
      wordsRow(
        "index.leakage",
        "検索用の索引",
        "検索のための索引には、鍵付きハッシュを22ビット以下に切り詰めた値だけが入っています。鍵なしでは語を復元できませんが、同じ語を含む可能性のある行の組(頻度の偏りを含む)、行数、登録・更新の日時、担当者と部署の番号、状態の符号は暗号化されていません。",
        { isToBeChecked: true },
      ),
    ),
    section(
      "attachments",
      "6. 発生の状況",
      passage("attachments.summary", tellText(ground, "outline.summary")),
      passage("attachments.day", "発生日: ", dayTold(ground, "outline.occurredOn")),
    ),
    contact(ground),
  ];
}

const keyUseNames: Readonly<Record<string, string>> = {
  "backup.written": "控えの作成",
  "backup.restored": "控えからの復元",
  "erasure.keys-destroyed": "鍵の破棄",
};

function keyUseTold({ keyUse }: Ground): Parameters<typeof toldRow>[2] {
  return keyUse.length === 0
    ? { state: "derived", pieces: [plain("控えの作成・復元・鍵の破棄の記録はありません。")], evidence: [] }
    : {
        state: "derived",
        pieces: [plain(keyUse.map((use) => `${keyUseNames[use.type] ?? use.type} ${countText(use.times)}回`).join("、"))],
        evidence: keyUse.map((use) => ({ kind: "event", no: use.lastEvent })),
      };
}
