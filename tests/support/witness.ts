import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveWitness } from "#server/modules/proofs/witness/serve-witness.ts";
import { openWitnessFolder, type WitnessFolder } from "#server/modules/proofs/witness/witness-folder.ts";

/** A witness as it runs on another machine, here on loopback and in this process. */
export interface TestWitness {
  readonly path: string;
  readonly url: string;
  readonly verifierKey: string;
  readonly folder: () => WitnessFolder;
  /** Ends it without a word and starts it anew from its files, at the same address; knows one more log if told. */
  restart(logKey?: string): Promise<void>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export async function startWitness(name: string, logKey: string): Promise<TestWitness> {
  const path = mkdtempSync(join(tmpdir(), "kuraban-witness-"));
  let folder: WitnessFolder;
  let server: Server;
  const start = async (key: string | undefined, port: number): Promise<number> => {
    folder = openWitnessFolder({ folder: path, name, logKey: key, random: randomBytes });
    server = serveWitness({ folder, now: () => new Date(), tls: undefined, onRefusal: () => undefined });
    return new Promise((resolve) => {
      server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
  };
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const port = await start(logKey, 0);
  return {
    path,
    url: `http://127.0.0.1:${port}`,
    verifierKey: folder!.verifierKey,
    folder: () => folder,
    async restart(key) {
      await stop();
      await start(key, port);
    },
    stop,
    async remove() {
      await stop();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
