import { gzipSync } from "node:zlib";
import type { RenderedFile } from "#server/core/door/index.ts";
import { writeTar } from "#server/platform/files/write-tar.ts";
import type { SupportReport } from "./gather-report.ts";

const readMe = `蔵番の調査用ファイル / Kuraban support file

入っているもの: 版、設定、件数、適用済みの移行、PostgreSQL の設定、記録簿の状態、断られた操作の種類と受付番号、ジョブ、所要時間、空き容量。
入っていないもの: 顧客や職員の値、鍵、パスワード、IP アドレス、ホスト名、ファイルの場所。
どちらもテキストです。渡す前に開いて確かめてください。

In it: versions, settings, counts, applied migrations, settings of PostgreSQL, the state of the ledger, kinds and request numbers of
refusals, jobs, timings, free space. Not in it: values of customers or staff, keys, passwords, network addresses, host names, paths.
Both files are plain text. Open them before sending.
`;

/** The report as a .tar.gz of two text files. */
export async function renderBundle(report: SupportReport): Promise<RenderedFile> {
  const at = new Date(report.madeAt);
  const files = [
    { name: "README.txt", bytes: Buffer.from(readMe, "utf8") },
    { name: "report.json", bytes: Buffer.from(`${JSON.stringify(report, undefined, 2)}\n`, "utf8") },
  ];
  return { bytes: gzipSync(writeTar(files, at)), type: "application/gzip", name: `kuraban-support-${report.madeAt.slice(0, 10)}.tar.gz` };
}
