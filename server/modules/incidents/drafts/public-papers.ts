import { codeOf, countText, momentText, passage, personsNow, plain, tellChoice, tellText, wordsRow, type Ground, type Told } from "./ground.ts";
import { dayTold, deskEntries, itemsNow, secondaryTold } from "./letters.ts";
import type { Entry, Section } from "./paper.ts";

const section = (key: string, title: string | null, ...entries: readonly Entry[]): Section => ({ key, title, entries });

function personsTold(ground: Ground): Told {
  const persons = personsNow(ground);
  if (persons === null) {
    return { state: "unknown", pieces: [plain("対象となるお客様の人数は、現在調査中です。")], evidence: [] };
  }
  const fact = ground.facts.get("persons.total");
  const evidence =
    fact !== undefined && fact.certainty !== "unknown"
      ? [{ kind: "fact" as const, no: fact.factNo }]
      : ground.scope === null
        ? []
        : [{ kind: "scope-run" as const, no: ground.scope.runNo }];
  const possible = persons.atMost - persons.atLeast;
  const text =
    possible > 0
      ? `漏えいを確認したお客様 ${countText(persons.atLeast)}人、可能性のあるお客様 ${countText(possible)}人(合わせて最大${countText(persons.atMost)}人)`
      : `お客様 ${countText(persons.atMost)}人`;
  return { state: "derived", pieces: [plain(text)], evidence };
}

/** What stands on the company's web site; also the substitute where people cannot be told one by one (法26条2項ただし書). */
export function situationNotice(ground: Ground): Section[] {
  return [
    section(
      "opening",
      null,
      passage("opening.sender", ground.organisation),
      passage(
        "opening.words",
        "このたび、当社が保有するお客様の個人情報について、漏えい、又はそのおそれがある事態が発生いたしました。お客様ならびに関係者の皆様に多大なるご迷惑とご心配をおかけしますことを、深くおわび申し上げます。",
      ),
    ),
    section("outline", "1. 概要", passage("outline.summary", tellText(ground, "outline.summary"))),
    section(
      "scope",
      "2. 対象となるお客様と情報",
      passage("scope.persons", personsTold(ground)),
      passage("scope.items", "対象となる情報: ", tellChoice(ground, "items.fields")),
    ),
    section("cause", "3. 原因", passage("cause.detail", tellText(ground, "cause.detail"))),
    section(
      "response",
      "4. お客様への対応",
      passage(
        "response.words",
        "対象となるお客様には、個別にご連絡を差し上げます。ご連絡先が確認できないお客様は、下記の窓口で、ご自身の情報が対象かどうかをお確かめいただけます。",
      ),
    ),
    section("secondary", "5. 二次被害について", passage("secondary.detail", secondaryTold(ground))),
    section(
      "prevention",
      "6. 再発防止",
      passage("prevention.done", tellText(ground, "prevention.done", "原因の調査を踏まえ、再発の防止に取り組みます。")),
      passage("prevention.planned", tellText(ground, "prevention.planned", "今後の措置は、決まり次第お知らせいたします。")),
    ),
    section("desk", "お問い合わせ窓口", ...deskEntries(ground)),
  ];
}

export function pressRelease(ground: Ground): Section[] {
  return [
    section(
      "opening",
      null,
      passage("opening.to", "報道関係者各位"),
      passage("opening.sender", ground.organisation),
      passage("opening.title", "個人情報の漏えい等に関するお知らせとおわび"),
    ),
    section(
      "text",
      null,
      passage(
        "text.lead",
        "当社は、",
        dayTold(ground, "outline.discoveredOn"),
        "、当社が保有する個人情報の漏えい、又はそのおそれを確認いたしました。関係者の皆様に深くおわび申し上げます。",
      ),
    ),
    section("outline", "1. 経緯", passage("outline.course", tellText(ground, "outline.summary"))),
    section("scope", "2. 対象", passage("scope.persons", personsTold(ground)), passage("scope.items", "項目: ", tellChoice(ground, "items.fields"))),
    section("cause", "3. 原因", passage("cause.detail", tellText(ground, "cause.detail"))),
    section(
      "measures",
      "4. 対応",
      passage("measures.authorities", authorities(ground)),
      passage("measures.done", tellText(ground, "prevention.done", "被害の拡大を防ぐ措置を講じております。")),
    ),
    section("prevention", "5. 再発防止", passage("prevention.planned", tellText(ground, "prevention.planned", "調査の結果を踏まえて策定し、公表いたします。"))),
    section("desk", "本件に関するお問い合わせ", ...deskEntries(ground)),
  ];
}

function authorities(ground: Ground): string {
  const police = codeOf(ground, "other.police");
  return [
    ground.judgement.overall === "not-reportable" ? "" : "個人情報保護委員会へ報告しております。",
    police === "done" ? "警察へ届け出ております。" : police === "planned" ? "警察へ届け出る予定です。" : "",
  ].join("");
}

/** Answers, each of which can be put into other words; what is not certain is not said. */
export function faq(ground: Ground): Section[] {
  const items = itemsNow(ground);
  const ask = (key: string, question: string, ...answer: readonly (string | Told)[]): Section =>
    section(key, `Q. ${question}`, passage(`${key}.answer`, "A. ", ...answer));
  return [
    ask("what", "何が起きたのですか。", tellText(ground, "outline.summary")),
    ask(
      "mine",
      "私の情報は含まれていますか。",
      "対象のお客様には個別にご連絡しております。ご本人であることを確認させていただいたうえで、対象かどうかと、対象の項目名をお答えします。内容そのものはお電話ではお伝えしておりません。",
    ),
    ask("items", "どの情報が対象ですか。", tellChoice(ground, "items.fields")),
    ask("persons", "対象は何人ですか。", personsTold(ground)),
    ask("cause", "原因は何ですか。", tellText(ground, "cause.detail")),
    ask("misuse", "悪用されていますか。", secondaryTold(ground)),
    ask(
      "do",
      "何をすればよいですか。",
      `不審な電話やメールには応じず、窓口までお知らせください。${items.includes("password") ? "同じパスワードをほかでお使いの場合は変更してください。" : ""}${
        items.includes("card") ? "カードのご利用明細をご確認ください。" : ""
      }`,
    ),
    ask("report", "行政や警察には報告しましたか。", authorities(ground) === "" ? "必要な報告について、関係機関と協議しております。" : authorities(ground)),
    ask("compensation", "補償はありますか。", "決まっていることだけをお答えします。現時点で決まったものはありません。決まり次第ご案内いたします。"),
    ask("delete", "私の情報を削除してほしい。", "ご請求として承ります。ご本人であることの確認のうえ、手続きをご案内いたします。"),
    ask("when", "次はいつ知らせてもらえますか。", "新たな事実が判明し次第、個別のご連絡又は当社のホームページでお知らせいたします。"),
  ];
}

export function deskScript(ground: Ground): Section[] {
  const step = (key: string, label: string, text: string): Entry => wordsRow(key, label, text, { isEditable: true });
  return [
    section(
      "opening",
      "1. 受け答えのはじめ",
      step("opening.greeting", "名乗り", `お電話ありがとうございます。${ground.organisation} お客様窓口でございます。`),
      step("opening.apology", "おわび", "このたびはご迷惑とご心配をおかけし、誠に申し訳ございません。"),
    ),
    section(
      "identity",
      "2. ご本人の確認(対象かどうかを答える前に必ず)",
      step(
        "identity.ask",
        "お尋ね",
        "ご登録のお名前、フリガナ、電話番号、住所のうち二つをお聞きし、画面に入力して照合します。登録内容をこちらから読み上げてはいけません。",
      ),
      step("identity.call-back", "折り返し", "照合できないときは、ご登録の電話番号へ折り返します。着信した番号へは折り返しません。"),
      step("identity.agent", "代理人", "委任状などの確認ができるまで、対象かどうかもお答えしません。"),
    ),
    section(
      "answer",
      "3. お答え",
      step("answer.affected", "対象", "お客様の情報は対象に含まれております。対象の項目は、(項目名)でございます。内容そのものはお電話ではお伝えできません。"),
      step("answer.possible", "確認中", "対象の可能性があり、確認を続けております。分かり次第ご連絡いたします。"),
      step("answer.unaffected", "対象外", "現時点の調べでは、お客様の情報は対象に含まれておりません。"),
    ),
    section(
      "facts",
      "4. お伝えしてよい事実",
      passage("facts.summary", tellText(ground, "outline.summary")),
      passage("facts.persons", personsTold(ground)),
      passage("facts.as-of", `事態を知った日時: ${momentText(ground.knownAt)}`),
    ),
    section(
      "never",
      "5. 言ってはいけないこと",
      step("never.guess", "推測", "「おそらく」「たぶん大丈夫」など、不確かなことを言わない。分からないことは「確認して折り返します」。"),
      step("never.values", "登録内容", "住所、電話番号などの内容を読み上げない。メモや写しを手元に取らない。"),
      step("never.blame", "責任", "委託先や個人の名前を挙げない。補償の約束をしない。"),
    ),
    section(
      "escalate",
      "6. 上席へ引き継ぐとき",
      step(
        "escalate.when",
        "場合",
        "お怒りが収まらない、報道機関・弁護士、被害の申し出、要配慮個人情報に関わる、カードの不正利用、同じ方からの度重なるお電話。",
      ),
      step("escalate.harm", "被害の申し出", "日時・内容・金額を伺い、被害の記録に残します(報告書の「二次被害」に反映されます)。"),
    ),
    section(
      "closing",
      "7. 終わり",
      step("closing.words", "結び", "お電話ありがとうございました。このたびは誠に申し訳ございませんでした。担当は(名字)でございます。"),
    ),
  ];
}
