import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { watchPulse } from "./pulse.ts";

const everyMs = 20;

/** A database that takes connections and says nothing, or answers every query as PostgreSQL does. */
async function listen(): Promise<{ port: number; answers: { now: boolean }; close: () => void }> {
  const answers = { now: true };
  const sockets = new Set<Socket>();
  const ready = Buffer.from("5a0000000549", "hex");
  const server = createServer((socket) => {
    sockets.add(socket);
    let hasBegun = false;
    socket.on("error", () => undefined);
    socket.on("data", () => {
      if (!answers.now) return;
      // AuthenticationOk at the start; then an empty command's completion (Message Formats, chapter 54).
      socket.write(
        hasBegun
          ? Buffer.concat([Buffer.from("430000000d53454c454354203100", "hex"), ready])
          : Buffer.concat([Buffer.from("520000000800000000", "hex"), ready]),
      );
      hasBegun = true;
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    answers,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    expect(tries).toBeLessThan(500);
    await wait(10);
  }
}

test("a database that breaks no connection and answers nothing is given up, and found again by itself", async () => {
  const database = await listen();
  let cuts = 0;
  const pulse = watchPulse({ connection: { host: "127.0.0.1", port: database.port, user: "u" }, everyMs, onSilent: () => (cuts += 1) });
  onTestFinished(async () => {
    await pulse.stop();
    database.close();
  });
  await wait(everyMs * 20);
  expect([pulse.isSilent(), cuts]).toEqual([false, 0]);
  database.answers.now = false;
  await until(() => pulse.isSilent());
  expect(cuts).toBeGreaterThan(0);
  database.answers.now = true;
  await until(() => !pulse.isSilent());
});

test("a database that is not there at all is no silence: whoever asks is refused at once", async () => {
  const database = await listen();
  database.close();
  let cuts = 0;
  const pulse = watchPulse({ connection: { host: "127.0.0.1", port: database.port, user: "u" }, everyMs, onSilent: () => (cuts += 1) });
  onTestFinished(() => pulse.stop());
  await wait(everyMs * 20);
  expect([pulse.isSilent(), cuts]).toEqual([false, 0]);
});
