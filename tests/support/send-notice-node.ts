// A node of its own that sends the mails of one notice until it is killed: for tests of what happens to the mails then.
import { openStorehouse } from "#server/app/open-storehouse.ts";
import { sendNotice } from "#server/modules/incidents/notices/send-mails.ts";

const [dataFolder = "", keysFolder = "", databaseUrl = "", noticeNo = ""] = process.argv.slice(2);
const open = await openStorehouse({
  place: { dataFolder, keysFolder, databaseUrl },
  clock: () => new Date(),
  onTrouble: () => undefined,
  appConnections: 4,
});
await sendNotice(open.storehouse, { payload: { noticeNo: Number(noticeNo) }, signal: new AbortController().signal });
await open.close();
