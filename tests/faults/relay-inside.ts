// A process of its own, inside a network namespace: leads a socket file, which knows no networks, to a port of 127.0.0.1 there.
import { connect, createServer } from "node:net";

const [socket, port] = process.argv.slice(2);
createServer((client) => {
  const inner = connect(Number(port), "127.0.0.1");
  client.pipe(inner).pipe(client);
  client.on("error", () => inner.destroy());
  inner.on("error", () => client.destroy());
  inner.on("close", () => client.destroy());
  client.on("close", () => inner.destroy());
}).listen(socket, () => process.stdout.write("ready\n"));
