import { ask } from "./ask.ts";
import { benchColumns, ownShare } from "./bench-customers.ts";
import { deliveryShapes } from "./exposure-events.ts";
import type { LoadRequest } from "./load.ts";
import type { OursReady } from "./ours-main.ts";
import { drawTerms } from "./query-shapes.ts";
import { startLoad } from "./start-load.ts";
import { startProcess, type Side } from "./start-side.ts";

const httpCustomers = 10_000;
const callers = 16;
const sliceSeconds = 5;

/** Deliveries over HTTP against the product as it runs, in the same mix, until there are so many. The folder holds data and keys. */
export async function deliverOverHttp(folder: string, deliveries: number, say: (text: string) => void): Promise<void> {
  const { line, child, stop } = await startProcess("./ours-main.ts", { folder, customers: httpCustomers, hasWeb: false });
  const load = startLoad();
  try {
    const ready = JSON.parse(line) as OursReady;
    const side: Side = { port: ready.port, headers: { cookie: ready.sellerCookie, "x-kuraban": "1" }, serverPid: child.pid!, notServer: [], stop };
    for (const [shape, requests] of Object.entries(await requestsOf(side))) {
      const { share, records } = deliveryShapes[shape as keyof typeof deliveryShapes];
      const wanted = Math.ceil((deliveries * share) / records);
      let answers = 0;
      while (answers < wanted) {
        const result = await load.run({ port: side.port, callers, seconds: sliceSeconds, headers: side.headers, requests, from: answers });
        if (Object.keys(result.refusals).length > 0) throw new Error(`answers other than 200: ${JSON.stringify(result.refusals)}`);
        answers += result.answers;
        say(`http, ${shape}: ${answers} of ${wanted} answers, ${Math.round(result.answers / result.seconds)}/s`);
      }
    }
  } finally {
    await load.stop();
    await stop();
  }
}

async function requestsOf(side: Side): Promise<Record<keyof typeof deliveryShapes, LoadRequest[]>> {
  const open = (search: string, first: number): LoadRequest => ({
    method: "POST",
    path: "/api/customers/views",
    body: JSON.stringify({ search, columns: benchColumns, first }),
  });
  const list = JSON.parse(await ask(side, open("", 0))) as { viewId: string; total: number };
  const pages = Array.from({ length: 200 }, (_, index): LoadRequest => {
    const offset = (index * 7919) % (list.total - 50);
    return { method: "GET", path: `/api/customers/views/${list.viewId}/rows?offset=${offset}&limit=50` };
  });
  const searches: LoadRequest[] = [];
  for (const term of new Set([...drawTerms(httpCustomers, 60).values()].flat())) {
    const found = JSON.parse(await ask(side, open(term, 10))) as { rows?: readonly unknown[] };
    if (found.rows?.length === 10) searches.push(open(term, 10));
    if (searches.length === 40) break;
  }
  const details = Array.from({ length: 2000 }, (_, index): LoadRequest => {
    const own = (index * 7919) % Math.floor(httpCustomers / ownShare);
    return { method: "GET", path: `/api/customers/${own * ownShare + 1}` };
  });
  return { "page of 50": pages, "search of 10": searches, detail: details };
}
