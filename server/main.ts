import { runCommand } from "./app/command-line.ts";

if (Number(process.versions.node.split(".")[0]) < 24) {
  process.stderr.write("Node.js 24 以上が必要です。./kuraban から起動してください。\nNode.js 24 or later is needed. Start the product by ./kuraban\n");
  process.exit(1);
}
process.exitCode = await runCommand(process.argv.slice(2));
