import { readFileSync } from "node:fs";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { readHiddenLine } from "./read-hidden-line.ts";

/**
 * The text of the printed recovery key, from a file or typed at the terminal without being shown.
 * @throws CannotStart when there is neither
 */
export async function askRecoveryKey(file: string | undefined): Promise<string> {
  if (file !== undefined) {
    try {
      return readFileSync(file, "utf8").trim();
    } catch {
      throw new CannotStart({ ja: `復旧鍵のファイル ${file} を読めません。`, en: `The file of the recovery key, ${file}, cannot be read.` });
    }
  }
  const typed = await readHiddenLine("復旧鍵を入力してください(表示されません)/ Type the recovery key (it is not shown): ");
  if (typed === undefined || typed.trim() === "") {
    throw new CannotStart({
      ja: "復旧鍵がありません。--recovery-key-file で指定するか、端末で入力してください。",
      en: "There is no recovery key. Name its file with --recovery-key-file, or type it at a terminal.",
    });
  }
  return typed;
}
