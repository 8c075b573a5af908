import { setTimeout as wait } from "node:timers/promises";
import type { Page, Request } from "playwright-core";

const stillFor = 300;
const longestNoise = 20_000;

interface Traffic {
  readonly open: Set<Request>;
  lastAt: number;
}
const traffic = new WeakMap<Page, Traffic>();

/** Notes what a page asks for, from its first request on. What the page is told of as it happens (an event stream) never ends and is left out. */
export function watchTraffic(page: Page): void {
  const of: Traffic = { open: new Set(), lastAt: performance.now() };
  const end = (request: Request): void => {
    if (of.open.delete(request)) of.lastAt = performance.now();
  };
  page.on("request", (request) => {
    if (request.resourceType() === "eventsource") return;
    // What the document before had asked for may never be heard of again.
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) of.open.clear();
    of.open.add(request);
    of.lastAt = performance.now();
  });
  page.on("requestfinished", end);
  page.on("requestfailed", end);
  traffic.set(page, of);
}

/**
 * Resolves once the page has asked for nothing and waited for nothing for a moment. The browser's own "networkidle" tells of the first
 * quiet moment of a document and of none after it.
 */
export async function awaitQuiet(page: Page): Promise<void> {
  const of = traffic.get(page);
  if (of === undefined) throw new Error("the traffic of this page is not watched");
  const since = performance.now();
  const until = since + longestNoise;
  // What was just done may ask for something in a moment.
  while (of.open.size > 0 || performance.now() - Math.max(of.lastAt, since) < stillFor) {
    if (performance.now() > until) throw new Error(`the page is never quiet: ${[...of.open].map((request) => request.url()).join(" ")}`);
    await wait(50);
  }
}
