import { serveTwin } from "./serve-twin.ts";

// The twin as a process of its own. Its settings come as one JSON line on stdin, because they hold a password.
let text = "";
for await (const piece of process.stdin) text += String(piece);
const { url, cookieKey, connections } = JSON.parse(text) as { url: string; cookieKey: string; connections: number };
const { app, pool } = await serveTwin({ url, cookieKey: Buffer.from(cookieKey, "base64"), connections });
await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${JSON.stringify({ port: (app.server.address() as { port: number }).port })}\n`);
process.once("SIGTERM", () => void app.close().then(() => pool.end()));
