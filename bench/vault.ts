/*
 * What sealing, opening, erasing and tokenising cost on one core, without a database: `node bench/vault.ts`.
 * Prints one JSON object a line: { case, perSecond, micros, … }. Figures are of this process alone, data is made up.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { indexTokens, matchValue, fold, openKeyEncryptionKey, openKeysFolder, openVault, type IndexedField, type Subject } from "#server/core/vault/index.ts";
import { openBlob, openBlobText } from "#server/core/vault/opening.ts";

const customers = 200_000;
const folder = mkdtempSync(join(tmpdir(), "kuraban-bench-"));
const dataFolder = join(folder, "data");
const keysFolder = openKeysFolder({ path: join(folder, "data.keys"), dataFolder, create: true });
const kek = await openKeyEncryptionKey({ keysFolder, dataFolder, create: true });
const vault = await openVault({ keysFolder, kek, create: true });

/** The same scattered order each time. */
let seed = 1;
function nextNo(below: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}

function measure(name: string, times: number, act: (index: number) => void, facts: Record<string, unknown> = {}): void {
  for (let index = 0; index < times / 10; index++) act(index);
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let index = 0; index < times; index++) act(index);
  const millis = performance.now() - start;
  const used = process.cpuUsage(cpu);
  const cpuMicros = (used.user + used.system) / times;
  process.stdout.write(
    `${JSON.stringify({ case: name, perSecond: Math.round((times / millis) * 1000), perCpuSecond: Math.round(1e6 / cpuMicros), micros: Number(((millis * 1000) / times).toFixed(2)), ...facts })}\n`,
  );
}

const values = {
  fullName: "髙橋 一郎",
  kana: "タカハシ イチロウ",
  mail: "ichiro.takahashi@yamada-denki.co.jp",
  phone: "03-1234-5678",
  mobile: "090-1234-5678",
  postalCode: "530-0001",
  address: "大阪府大阪市北区梅田三丁目1番3号 梅田タワー 12階",
  birthDate: "1980-01-01",
  gender: "男性",
};
const text = JSON.stringify(values).padEnd(280);
const blobs: Buffer[] = [];
measure(
  "seal",
  customers,
  (index) => {
    const no = index % customers;
    blobs[no] = vault.seal({ kind: "customer", no }, 2, 1, text);
  },
  { plaintextBytes: Buffer.byteLength(text), blobBytes: blobs[0]?.length },
);

const of = (no: number): Subject => ({ kind: "customer", no });
const blobOf = (no: number): Buffer => blobs[no] ?? Buffer.alloc(0);
measure("open, keys scattered over 200,000", 200_000, () => {
  const no = nextNo(customers);
  openBlob(vault, of(no), blobOf(no));
});
measure("open, keys of 1,000 at hand", 200_000, (index) => openBlob(vault, of(index % 1_000), blobOf(index % 1_000)));
measure("open as text, scattered", 200_000, () => {
  const no = nextNo(customers);
  openBlobText(vault, of(no), blobOf(no));
});
measure("open and parse, scattered", 200_000, () => {
  const no = nextNo(customers);
  JSON.parse(openBlobText(vault, of(no), blobOf(no)));
});

const surnames = ["佐藤", "鈴木", "髙橋", "田中", "渡邉", "伊藤", "山本", "中村", "小林", "加藤", "吉田", "山﨑", "斎藤", "松本", "井上"];
const given = ["一郎", "花子", "健太", "美咲", "翔", "さくら", "大輔", "陽菜", "拓海", "優子", "直樹", "恵", "誠", "千尋", "学"];
const kana = ["サトウ", "スズキ", "タカハシ", "タナカ", "ワタナベ", "イトウ", "ヤマモト", "ナカムラ", "コバヤシ", "カトウ"];
const towns = ["大阪府大阪市北区梅田", "東京都千代田区霞が関", "愛知県名古屋市中区栄", "福岡県福岡市博多区博多駅前", "北海道札幌市中央区北三条西"];
const pick = (list: readonly string[]): string => list[nextNo(list.length)] ?? "";
const records: IndexedField[][] = Array.from({ length: 20_000 }, () => [
  { no: 1, type: "name", value: `${pick(surnames)} ${pick(given)}${pick(given)}` },
  { no: 2, type: "kana", value: `${pick(kana)} ${pick(kana)}` },
  { no: 3, type: "name", value: `株式会社${pick(surnames)}${pick(["電機", "商事", "工業", "製作所", "サービス"])}` },
  { no: 6, type: "mail", value: `user${nextNo(1_000_000)}.${nextNo(1000)}@company${nextNo(300)}.co.jp` },
  { no: 7, type: "phone", value: `0${nextNo(9) + 1}-${1000 + nextNo(9000)}-${1000 + nextNo(9000)}` },
  { no: 8, type: "phone", value: `090-${1000 + nextNo(9000)}-${1000 + nextNo(9000)}` },
  { no: 11, type: "address", value: `${pick(towns)}${nextNo(9) + 1}丁目${nextNo(20) + 1}番${nextNo(20) + 1}号 ${pick(surnames)}ビル${nextNo(20) + 1}階` },
  { no: 15, type: "code", value: `K-${nextNo(1_000_000)}` },
]);
const searchKey = vault.searchKeys().current;
let tokens = 0;
for (const record of records.slice(0, 1000)) tokens += indexTokens(searchKey, record).length;
measure("tokenise a record", records.length, (index) => indexTokens(searchKey, records[index % records.length] ?? []), { tokens: tokens / 1000 });
measure("fold a name", 200_000, (index) => fold("name", records[index % records.length]?.[0]?.value ?? ""));
measure("fold an address", 200_000, (index) => fold("address", records[index % records.length]?.[6]?.value ?? ""));
measure("match a name", 200_000, (index) => matchValue("name", records[index % records.length]?.[0]?.value ?? "", "高橋", ["prefix", "inside"]));

for (const each of [1, 1_000]) {
  const erased = new Set<number>();
  while (erased.size < each) erased.add(nextNo(customers));
  const start = performance.now();
  await vault.eraseKeys([...erased].map(of));
  process.stdout.write(
    `${JSON.stringify({ case: "erase, durable", subjects: each, millis: Math.round(performance.now() - start), storedBytes: keysFolder.read("trees.sealed")?.length })}\n`,
  );
}
rmSync(folder, { recursive: true });
