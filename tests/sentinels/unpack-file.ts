import { readWorkbook } from "../support/read-workbook.ts";
import { request, type Reply } from "../support/request.ts";
import type { TestHouse } from "../support/open-house.ts";

const compoundFile = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

/**
 * A reply with what its file holds in place of the file: an encrypted workbook is opened by the password that its list shows
 * its owner, and stands as its cells. Any other reply stays as it is.
 */
export async function unpackFile(house: TestHouse, cookie: string, url: string, reply: Reply): Promise<Reply> {
  const list = /^(\/api\/lists\/\d+)\/download$/.exec(url)?.[1];
  const at = reply.bytes.indexOf(compoundFile);
  if (list === undefined || reply.status !== 200 || at < 0) {
    return reply;
  }
  const { body } = await request(house, { method: "POST", url: `${list}/password`, cookie, body: {} });
  const sheets = await readWorkbook(reply.bytes.subarray(at), String(body["password"]));
  return { ...reply, bytes: Buffer.concat([reply.bytes.subarray(0, at), Buffer.from(JSON.stringify([...sheets]))]) };
}
