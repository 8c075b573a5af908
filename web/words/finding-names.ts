import { formatNumber as n } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

/** What a verification found not to hold, by the words of the verifier. */
const names: Readonly<Record<string, string>> = {
  "a round does not continue the one before": "記録のまとまりが前のまとまりにつながらない",
  "a round does not lead to its frontier": "記録のまとまりから木の先端を計算すると合わない",
  "a round is missing": "記録のまとまりがない",
  "batch and its events differ in number": "署名された件数と記録の件数が違う",
  "batch is not signed by a key of its node": "記録の署名が正しくない",
  "batch lacks events that it signed": "署名された記録が足りない",
  "checkpoint is not signed by the key of its epoch": "検印の署名が正しくない",
  "checkpoint lies inside a round": "検印の位置が正しくない",
  "checkpoint signs another tree": "検印が別の内容を指している",
  "clock of the node went back": "サーバーの時計が戻った",
  "event belongs to no batch": "署名のない記録がある",
  "event is missing": "記録がない",
  "event is not what its batch signed": "記録の内容が署名と違う",
  "event is not what the tree holds here": "記録の内容が木のハッシュと違う",
  "event never came into the tree": "記録が木に入っていない",
  "event stands beside the file that holds it": "ファイルへ移した記録がデータベースにも残っている",
  "event stands twice in the tree": "同じ記録が木に二度入っている",
  "event stands twice": "同じ記録が二つある",
  "events below a checkpoint are missing": "検印より前の記録が足りない",
  "events below an epoch are missing": "代が変わる前の記録が足りない",
  "row stands again although it was removed": "削除した行が戻っている",
  "row was added around the product": "蔵番を通さずに行が追加された",
  "row was changed around the product": "蔵番を通さずに行が変更された",
  "row was removed around the product": "蔵番を通さずに行が削除された",
  "the batch before this event's is missing": "直前に署名された記録がない",
  "the key of a node is not vouched for": "サーバーの鍵が認められていない",
  "there is no epoch": "記録簿の代がない",
  "what is packed is not what was proved": "索引が前もって検証した値と違う",
  "what was proved was not said by the house": "前もって検証した値が蔵番の記録ではない",
  "what was proved is not what the ledger says of it": "前もって検証した値が記録簿と違う",
};

const patterns: readonly (readonly [RegExp, (part: string) => string])[] = [
  [/^epoch (\d+) is not as it was signed$/, (no) => `第${n(Number(no))}代の内容が署名と違う`],
  [/^the key of epoch (\d+) is not trusted$/, (no) => `第${n(Number(no))}代の鍵が信頼できない`],
  [/^archive file (\S+) is not what the ledger says of it$/, (file) => `古い記録のファイル ${file} が記録簿と違う`],
  [/^archive file (\S+) is not listed any more$/, (file) => `古い記録のファイル ${file} が一覧にない`],
  [/^archive (\d+) of the ledger is not listed any more$/, (no) => `古い記録のファイル 第${n(Number(no))}号が一覧にない`],
  [/^events (\S+) are not what was proved$/, (type) => `「${type}」の記録が前もって検証した値と違う`],
];

/** In Japanese; undefined for words that are not known here. With the event that a finding ends in, `…: event 7`. */
export function findingInJapanese(what: string): string | undefined {
  const [, text = what, eventNo] = /^(.*): event (\d+)$/.exec(what) ?? [];
  const name = names[text] ?? patterns.flatMap(([pattern, say]) => pattern.exec(text)?.slice(1).map(say) ?? [])[0];
  return name === undefined || eventNo === undefined ? name : `${name}(記録 第${n(Number(eventNo))}番)`;
}

export function useFindingName(): (what: string) => { readonly text: string; readonly lang?: "en" } {
  const { language } = useWords();
  return (what) => {
    const text = language === "ja" ? findingInJapanese(what) : what;
    return text === undefined ? { text: what, lang: "en" } : { text };
  };
}
