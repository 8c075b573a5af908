import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { actAs } from "#server/core/door/index.ts";
import { publicKeyOf, RecoveryKeyRejected } from "#server/core/vault/index.ts";
import { recoverOffice, type OfficeHolder, type OfficeRecovery } from "#server/modules/accounts/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { findRunningServer } from "#server/platform/database/find-running-server.ts";
import { Problem } from "#shared/problems.ts";
import { askRecoveryKey } from "./ask-recovery-key.ts";
import type { Asked } from "./asked.ts";
import { openStorehouse, type OpenStorehouse } from "./open-storehouse.ts";

/**
 * `./kuraban recover-office`: a new invitation for an administrator or privacy officer whom nobody else can reset, against the
 * printed recovery key. Works beside a running server. Exit code 2: an account has to be chosen with --account.
 */
export async function run(asked: Asked): Promise<number> {
  const chosen = chosenAccount(asked.option("account"));
  const { place } = asked;
  if (place.databaseUrl === undefined && !existsSync(join(place.dataFolder, "postgres"))) {
    throw new CannotStart({
      ja: `${place.dataFolder} に蔵番のデータがありません。--data を確かめてください。`,
      en: `There is no data of Kuraban in ${place.dataFolder}. Check --data.`,
    });
  }
  const publicKey = await publicHalf(await askRecoveryKey(asked.option("recovery-key-file")));
  const running = place.databaseUrl === undefined ? findRunningServer(place) : undefined;
  const open = await openStorehouse({
    place: running === undefined ? place : { ...place, databaseUrl: running },
    onTrouble: (what) => process.stderr.write(`${what}\n`),
    appConnections: 4,
  });
  try {
    let recovery = await recover(open, { publicKey, accountNo: chosen });
    while (recovery.kind === "choose") {
      showHolders(recovery.holders);
      const accountNo = await askAccount();
      if (accountNo === undefined) return 2;
      recovery = await recover(open, { publicKey, accountNo });
    }
    if (recovery.kind !== "recovered") {
      throw new CannotStart({
        ja: "この蔵の復旧鍵ではありません。何も変えていません。この試みは記録簿に残りました。",
        en: "This is not the recovery key of this storehouse. Nothing was changed. The attempt stands in the ledger.",
      });
    }
    const { holder, invitationToken } = recovery;
    const path = `/#/invite/${invitationToken}`;
    if (asked.json) {
      process.stdout.write(`${JSON.stringify({ accountNo: holder.accountNo, roles: holder.roles, invitation: path })}\n`);
    } else {
      process.stdout.write(
        `No. ${holder.accountNo} のパスワードと二要素を無効にし、招待し直しました。蔵番のアドレスに続けて、本人が開いてください(一度だけ、7日間有効):\n`,
      );
      process.stdout.write(
        `Password and second factor of No. ${holder.accountNo} are void. That person opens this, after the address of Kuraban (once, within 7 days):\n  ${path}\n`,
      );
    }
    return 0;
  } finally {
    await open.close();
  }
}

async function recover(open: OpenStorehouse, given: { publicKey: Buffer; accountNo: number | null }): Promise<OfficeRecovery> {
  try {
    return await actAs(open.storehouse, "console", "office.recovered", randomUUID(), (context) => recoverOffice(context, given));
  } catch (error) {
    if (error instanceof Problem && error.code === "conflict") {
      throw new CannotStart({
        ja: "最初の設定がまだ終わっていません。start が示すリンクから始めてください。",
        en: "The first set-up is not finished. Begin with the link that start prints.",
      });
    }
    throw error;
  }
}

function chosenAccount(text: string | undefined): number | null {
  if (text === undefined) return null;
  const accountNo = Number(text);
  if (!/^[0-9]{1,9}$/.test(text) || accountNo === 0) {
    throw new CannotStart({ ja: "--account は職員の番号で指定してください。", en: "--account is the number of a member of staff." });
  }
  return accountNo;
}

/** The public half is enough to compare; the typed text goes no further. */
async function publicHalf(text: string): Promise<Buffer> {
  try {
    return await publicKeyOf(text);
  } catch (error) {
    if (error instanceof RecoveryKeyRejected) throw new CannotStart({ ja: error.ja, en: error.en });
    throw error;
  }
}

function showHolders(holders: readonly OfficeHolder[]): void {
  process.stderr.write("招待し直せる職員 / Who can be invited anew:\n");
  for (const { accountNo, state, roles, lastSeenAt } of holders) {
    process.stderr.write(`  No. ${accountNo}  ${roles.join(", ")}  ${state}  ${lastSeenAt?.toISOString() ?? "-"}\n`);
  }
}

/** Undefined when nobody sits there, or nothing was chosen. */
async function askAccount(): Promise<number | undefined> {
  if (!process.stdin.isTTY) {
    process.stderr.write("--account 番号 で選んでください。/ Choose with --account NUMBER.\n");
    return undefined;
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = (await lines.question("番号 / Number: ")).normalize("NFKC").trim();
    return typed === "" ? undefined : (chosenAccount(typed) ?? undefined);
  } finally {
    lines.close();
  }
}
