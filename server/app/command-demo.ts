import type { Asked } from "./asked.ts";
import { fillDemo, type DemoAccount } from "./fill-demo.ts";
import { modules } from "./modules.ts";
import { openStorehouse } from "./open-storehouse.ts";
import { listen, untilStopped } from "./run-server.ts";
import { serve } from "./serve.ts";
import { startWork } from "./start-work.ts";

const accountsFile = "demo-accounts.sealed";

/** `./kuraban demo`: the sample company, filled at the first start, kept for the next ones. */
export async function run(asked: Asked): Promise<number> {
  let simulated: Date | undefined;
  const say = (text: string): void => void process.stderr.write(text);
  say("蔵番の見本を準備しています / Preparing the sample company …\n");
  const open = await openStorehouse({ place: asked.place, clock: () => simulated ?? new Date(), onTrouble: (what) => say(`${what}\n`) });
  try {
    const accounts = knownAccounts(open) ?? (await fill());
    const stopWork = startWork(open);
    const { app, url } = await listen(open, asked);
    if (asked.json) {
      process.stdout.write(
        `${JSON.stringify({ url, accounts: accounts.map(({ email, password, totpSecret, role }) => ({ email, password, totpSecret, role })) })}\n`,
      );
    } else {
      process.stdout.write(`\n蔵番を開きました / Kuraban is open:  ${url}\n\n`);
      for (const account of accounts) {
        process.stdout.write(`  ${account.label}\n    ${account.email}   ${account.password}   TOTP ${account.totpSecret}\n`);
      }
      process.stdout.write("\n止めるには Ctrl+C / Ctrl+C stops it\n");
    }
    await untilStopped();
    await app.close();
    await stopWork();
    return 0;
  } finally {
    await open.close();
  }

  async function fill(): Promise<DemoAccount[]> {
    const app = await serve({
      storehouse: open.storehouse,
      routes: modules.flatMap((module) => module.routes()),
      webFolder: undefined,
      tls: undefined,
      behindProxy: false,
      logLevel: "silent",
      requestsPerMinute: 1_000_000,
    });
    try {
      const accounts = await fillDemo(open, app, { set: (at) => (simulated = at) }, (done, of) => say(`\r  ${Math.round((100 * done) / of)} %`));
      say("\n");
      await open.keys.write(accountsFile, open.vault.sealSecret("demo-accounts", Buffer.from(JSON.stringify(accounts), "utf8")));
      return accounts;
    } finally {
      await app.close();
    }
  }
}

function knownAccounts(open: Awaited<ReturnType<typeof openStorehouse>>): DemoAccount[] | undefined {
  const sealed = open.keys.read(accountsFile);
  return sealed === undefined ? undefined : (JSON.parse(open.vault.openSecret("demo-accounts", sealed).toString("utf8")) as DemoAccount[]);
}
