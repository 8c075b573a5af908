import { isIP } from "node:net";
import { connect } from "node:tls";
import type { OutletProblem } from "#shared/proofs.ts";
import type { Sending, Sent } from "../sending.ts";
import { followTree } from "./follow-tree.ts";
import { frame, syslogMessage } from "./syslog-message.ts";

type Settings = Sending<"syslog">["settings"];

const patienceMs = 20_000;
const settleMs = 200;

/** Sends every event to a SIEM: syslog (RFC 5424) over TLS (RFC 5425), one connection for each part. */
export async function sendToSyslog(sending: Sending<"syslog">): Promise<Sent> {
  const { settings, checkpoint, signal } = sending;
  const hostname = checkpoint.origin.split("/")[0] as string;
  return followTree(sending, (events) => deliver(settings, Buffer.concat(events.map((event) => frame(syslogMessage(event, hostname)))), signal));
}

/**
 * Syslog has no receipts. What there is: a receiver that read to the end answers our close_notify by its own (RFC 5425, 4.4).
 * One that goes before we do, breaks off, or does not close within {@link patienceMs} did not read all, as far as we know.
 */
function deliver(settings: Settings, bytes: Buffer, signal: AbortSignal): Promise<OutletProblem | undefined> {
  const { host, port, trusted, certificate, privateKey } = settings;
  return new Promise((resolve) => {
    let problem: OutletProblem | undefined;
    let isSecure = false;
    let hasEnded = false;
    let isConfirmed = false;
    const socket = connect({
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(trusted === undefined ? {} : { ca: trusted }),
      ...(certificate === undefined || privateKey === undefined ? {} : { cert: certificate, key: privateKey }),
      minVersion: "TLSv1.2",
      rejectUnauthorized: true,
    });
    const give = (): void => void socket.destroy();
    signal.addEventListener("abort", give, { once: true });
    socket.setTimeout(patienceMs, give);
    socket.once("secureConnect", () => {
      isSecure = true;
      socket.write(bytes, () => {
        // Whoever refuses us, or is about to fall, goes now rather than when it is told to.
        setTimeout(() => {
          if (socket.destroyed || socket.readableEnded) return;
          hasEnded = true;
          socket.end();
        }, settleMs);
      });
    });
    socket.once("end", () => (isConfirmed = hasEnded));
    socket.once("error", (error) => {
      problem = problemOf(error, isSecure, socket.authorizationError !== null && socket.authorizationError !== undefined);
    });
    socket.once("close", () => {
      signal.removeEventListener("abort", give);
      resolve(problem ?? (isConfirmed ? undefined : isSecure ? "not-confirmed" : "unreachable"));
    });
    socket.resume();
  });
}

function problemOf(error: Error, isSecure: boolean, isUnauthorized: boolean): OutletProblem {
  const code = String((error as NodeJS.ErrnoException).code ?? "");
  // A receiver that wants another certificate of us says so by an alert, which TLS 1.3 brings after the handshake.
  if (isUnauthorized || (code.startsWith("ERR_SSL") && code.includes("ALERT"))) return "certificate-refused";
  if (code.startsWith("ERR_SSL")) return "bad-answer";
  return isSecure ? "not-confirmed" : "unreachable";
}
