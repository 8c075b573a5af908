/**
 * Asks for one line at the terminal without showing what is typed. Resolves with undefined when nobody sits there.
 * Ctrl+C ends the process as it does everywhere.
 */
export function readHiddenLine(question: string): Promise<string | undefined> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) {
    return Promise.resolve(undefined);
  }
  stderr.write(question);
  return new Promise((resolve) => {
    let line = "";
    const finish = (typed: string | undefined): void => {
      stdin.off("data", take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
      resolve(typed);
    };
    const take = (bytes: Buffer): void => {
      for (const character of bytes.toString("utf8")) {
        if (character === "\u0003") {
          finish(undefined);
          process.exit(130);
        }
        if (character === "\r" || character === "\n" || character === "\u0004") {
          finish(line);
          return;
        }
        line = character === "\u007f" || character === "\b" ? line.slice(0, -1) : line + character;
      }
    };
    stdin.setRawMode(true);
    stdin.resume();
    stdin.on("data", take);
  });
}
