import { ask } from "./ask.ts";
import type { LoadRequest } from "./load.ts";
import type { Side } from "./start-side.ts";

/**
 * What must differ between two servers, put out of sight: handles, times, and for a search whose page is full how far
 * beyond the page it happened to look.
 */
function comparable(reply: string, request: LoadRequest): string {
  const { first } = JSON.parse(request.body ?? "{}") as { first?: number };
  const plain = reply.replace(/"viewId":"[0-9a-f-]{36}"/, '"viewId":"-"').replaceAll(/"(createdAt|updatedAt)":"[0-9TZ:.-]{24}"/g, '"$1":"-"');
  const isFull = first !== undefined && (JSON.parse(reply) as { rows: unknown[] }).rows.length === first;
  return isFull ? plain.replace(/"total":[0-9]+,"isComplete":(true|false)/, '"total":0,"isComplete":false') : plain;
}

/**
 * Asks both sides the same and compares the bytes of the replies. `pairs`: the request to ours, the request to the twin.
 * @throws Error that says how many differ and at which byte the first does
 */
export async function compareReplies(
  ours: Side,
  twin: Side,
  pairs: readonly (readonly [LoadRequest, LoadRequest])[],
): Promise<{ compared: number; bytes: number }> {
  let bytes = 0;
  const different: string[] = [];
  for (const [toOurs, toTwin] of pairs) {
    const [left, right] = (await Promise.all([ask(ours, toOurs), ask(twin, toTwin)])).map((reply) => comparable(reply, toOurs)) as [string, string];
    bytes += Buffer.byteLength(left);
    if (left !== right) {
      let at = 0;
      while (left[at] === right[at]) at += 1;
      // Both hold made-up people only, so the place may be shown.
      different.push(
        `${toOurs.body ?? toOurs.path} at ${at}: ours …${left.slice(Math.max(0, at - 60), at + 60)}… twin …${right.slice(Math.max(0, at - 60), at + 60)}…`,
      );
    }
  }
  if (different.length > 0) throw new Error(`${different.length} of ${pairs.length} replies differ between ours and the twin, the first:\n${different[0]}`);
  return { compared: pairs.length, bytes };
}
