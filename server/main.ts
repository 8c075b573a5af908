import { runCommand } from "./app/command-line.ts";

if (Number(process.versions.node.split(".")[0]) < 24) {
  process.stderr.write("Node.js 24 以上が必要です。./kuraban から起動してください。\nNode.js 24 or later is needed. Start the product by ./kuraban\n");
  process.exit(1);
}
// Whoever reads the output may stop reading (`| head`): that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") {
    process.exit(0);
  }
  throw error;
});
process.exitCode = await runCommand(process.argv.slice(2));
