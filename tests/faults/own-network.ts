import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A network namespace (network_namespaces(7)) with one cable to where the test runs. */
export interface OwnNetwork {
  /** Address of the test's end of the cable: whoever listens there is reached from inside, and from nowhere else. */
  readonly outside: string;
  /** What runs a command inside, when it stands before it. */
  readonly within: readonly string[];
  /** Plugs the cable in, or pulls it: then packets vanish without a word, in both directions. */
  plug(isIn: boolean): void;
  /** A port of 127.0.0.1 that leads to one of inside, whether the cable is in or not. */
  leadInside(port: number, folder: string): Promise<number>;
  remove(): void;
}

const relay = fileURLToPath(new URL("./relay-inside.ts", import.meta.url));

/** Makes it, or says why this machine lets nobody make one. */
export function makeOwnNetwork(): OwnNetwork | string {
  const name = `kuraban-${process.pid}`;
  // Names of interfaces hold 15 characters.
  const cable = `kb${process.pid}`;
  // 198.18.0.0/15 is set apart for tests between networks (RFC 2544): nothing real stands there.
  const pair = (process.pid % 16_000) * 4;
  const address = (nth: number): string => `198.18.${Math.floor((pair + nth) / 256)}.${(pair + nth) % 256}`;
  const [outside, inside] = [address(1), address(2)];
  const steps = [
    ["netns", "add", name],
    ["link", "add", cable, "type", "veth", "peer", "name", "cable", "netns", name],
    ["addr", "add", `${outside}/30`, "dev", cable],
    ["link", "set", cable, "up"],
    ["-n", name, "addr", "add", `${inside}/30`, "dev", "cable"],
    ["-n", name, "link", "set", "cable", "up"],
    ["-n", name, "link", "set", "lo", "up"],
  ];
  const stops: (() => void)[] = [];
  const remove = (): void => {
    for (const stop of stops.splice(0)) stop();
    spawnSync("ip", ["link", "del", cable]);
    spawnSync("ip", ["netns", "del", name]);
  };
  for (const step of steps) {
    const { status, stderr, error } = spawnSync("ip", step, { encoding: "utf8" });
    if (status === 0) continue;
    remove();
    return `a network of one's own needs root, the program ip and network namespaces: ${error?.message ?? stderr.trim()}`;
  }
  const within = ["ip", "netns", "exec", name];
  return {
    outside,
    within,
    plug(isIn) {
      // This end, not the inner one: inside every packet is still sent and none arrives, as when a cable is pulled somewhere between.
      const { status, stderr } = spawnSync("ip", ["link", "set", cable, isIn ? "up" : "down"], { encoding: "utf8" });
      if (status !== 0) throw new Error(`the cable stays as it was: ${stderr}`);
    },
    async leadInside(port, folder) {
      const socket = join(folder, "inside.sock");
      const child = spawn(within[0] as string, [...within.slice(1), process.execPath, relay, socket, String(port)], { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
      const server = createServer((client) => {
        const inner = connect(socket);
        for (const [from, to] of [
          [client, inner],
          [inner, client],
        ] as const) {
          from.pipe(to);
          from.on("error", () => to.destroy());
          from.on("close", () => to.destroy());
        }
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      stops.push(() => {
        child.kill("SIGKILL");
        server.close();
      });
      return (server.address() as AddressInfo).port;
    },
    remove,
  };
}
