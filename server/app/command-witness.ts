import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Server } from "node:net";
import { followLog, type Followed } from "#server/modules/proofs/witness/follow-log.ts";
import { serveWitness } from "#server/modules/proofs/witness/serve-witness.ts";
import { openWitnessFolder, type WitnessFolder } from "#server/modules/proofs/witness/witness-folder.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import type { Asked } from "./asked.ts";
import { untilStopped } from "./run-server.ts";

/**
 * `./kuraban witness`: keeps the last checkpoint of the logs it is told of, on another machine than theirs. It needs no
 * database and no key of the storehouse. With `--follow URL --token-file FILE` it fetches checkpoints itself, by a log token.
 */
export async function run(asked: Asked): Promise<number> {
  const path = asked.option("dir");
  if (path === undefined) {
    throw new CannotStart({ ja: "--dir で証人のデータの場所を指定してください。", en: "Say by --dir where the witness keeps its data." });
  }
  const leave = occupy(path);
  try {
    return await keepWitness(asked, openFolder(asked, path));
  } finally {
    leave();
  }
}

async function keepWitness(asked: Asked, folder: WitnessFolder): Promise<number> {
  const followed = followedBy(asked);
  const { host, port } = placeOf(asked.option("listen") ?? "127.0.0.1:8444");
  const tls =
    asked.tlsKey === undefined || asked.tlsCert === undefined
      ? undefined
      : { key: readFileSync(asked.tlsKey, "utf8"), cert: readFileSync(asked.tlsCert, "utf8") };
  const server = serveWitness({
    folder,
    tls,
    now: () => new Date(),
    onRefusal: (status, origin) => process.stderr.write(`${new Date().toISOString()} ${status} ${/^[\w.:/-]{1,200}$/.test(origin) ? origin : "-"}\n`),
  });
  const actual = await listenOn(server, host, port);
  const url = `${tls === undefined ? "http" : "https"}://${host}:${actual}`;
  if (asked.json) {
    process.stdout.write(`${JSON.stringify({ url, verifierKey: folder.verifierKey, logs: folder.logs })}\n`);
  } else {
    process.stdout.write(`証人として見張っています / Keeping witness:  ${url}\n`);
    process.stdout.write(`蔵番の設定に入れる鍵 / The key for the settings of Kuraban:\n  ${folder.verifierKey}\n`);
    process.stdout.write(`見張っている記録簿 / Ledgers watched:\n${folder.logs.map((log) => `  ${log}\n`).join("")}`);
  }
  const stopFollowing = followed === undefined ? () => undefined : keepFollowing(folder, followed);
  await untilStopped();
  stopFollowing();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  return 0;
}

function followedBy(asked: Asked): { readonly url: string; readonly token: string } | undefined {
  const [url, file] = [asked.option("follow"), asked.option("token-file")];
  if (url === undefined && file === undefined) return undefined;
  if (url === undefined || file === undefined || !/^https?:\/\/[^\s?#]+$/.test(url)) {
    throw new CannotStart({
      ja: "--follow には蔵番のアドレス(https://…)、--token-file には監視用トークンを書いたファイルを、両方指定してください。",
      en: "Give both: --follow with the address of Kuraban (https://…), and --token-file with a file that holds a log token.",
    });
  }
  try {
    return { url, token: readFileSync(file, "utf8").trim() };
  } catch {
    throw new CannotStart({ ja: `${file} を読めません。`, en: `${file} cannot be read.` });
  }
}

const followMs = 10_000;

/** Looks every ten seconds, and says what changed. Gives the function that ends it. */
function keepFollowing(folder: WitnessFolder, { url, token }: { readonly url: string; readonly token: string }): () => void {
  let said = "";
  let isEnded = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const now = await followLog({ folder, url, token, now: () => new Date(), fetch });
    const state = now.state === "refused" ? `refused ${now.status} ${now.treeSize}` : now.state;
    if (state !== said) process.stderr.write(`${new Date().toISOString()} ${sayFollowed(now)}\n`);
    said = state;
    if (!isEnded) timer = setTimeout(() => void look(), followMs);
  };
  void look();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}

function sayFollowed(now: Followed): string {
  switch (now.state) {
    case "kept":
      return `検印を控えました(${now.treeSize}件)/ kept a checkpoint of ${now.treeSize} records`;
    case "refused":
      return `警報: 控えの続きではありません(${now.status}、${now.treeSize}件)/ ALARM: it does not continue what was kept (${now.status}, ${now.treeSize} records)`;
    case "token-refused":
      return "トークンが使えません / the token is refused";
    case "origin-unknown":
      return "知らない記録簿です。--log-key を確かめてください / another ledger than --log-key says";
    case "bad-answer":
      return "思わぬ返事でした / an unexpected answer";
    case "unreachable":
      return "つながりません / no connection";
  }
}

/** Two witnesses on one folder would each forget what the other saw. A killed one leaves its number behind, and nobody to it. */
function occupy(path: string): () => void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const file = join(path, "pid");
  const holder = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new CannotStart({ ja: `${path} では別の証人が動いています(${holder})。`, en: `Another witness is at work on ${path} (${holder}).` });
  }
  writeFileSync(file, `${process.pid}\n`);
  return () => rmSync(file, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function openFolder(asked: Asked, path: string): WitnessFolder {
  let folder: WitnessFolder;
  try {
    folder = openWitnessFolder({
      folder: path,
      name: `kuraban.witness.${randomBytes(6).toString("hex")}`,
      logKey: asked.option("log-key"),
      random: randomBytes,
    });
  } catch (error) {
    throw new CannotStart({ ja: `証人を始められません:${(error as Error).message}`, en: `The witness cannot start: ${(error as Error).message}` });
  }
  if (folder.logs.length === 0) {
    throw new CannotStart({
      ja: "--log-key で、見張る記録簿の鍵を指定してください(蔵番の「記録簿」の画面に表示されます)。",
      en: "Give by --log-key the key of the ledger to watch (Kuraban shows it on the screen of the ledger).",
    });
  }
  return folder;
}

function placeOf(text: string): { host: string; port: number } {
  const [, host, port] = /^(?:\[?([^\]]+?)\]?:)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw new CannotStart({ ja: "--listen は ホスト:ポート の形で指定してください。", en: "--listen takes the form host:port." });
  }
  return { host: host ?? "127.0.0.1", port: Number(port) };
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", () => reject(new CannotStart({ ja: `${host}:${port} で待ち受けられません。`, en: `Cannot listen on ${host}:${port}.` })));
    server.listen(port, host, () => resolve((server.address() as { port: number }).port));
  });
}
