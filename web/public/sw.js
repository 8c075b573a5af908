// Keeps the hashed parts of the screens and one page that says there is no connection. Never an answer of the API, never
// the page itself (it carries a nonce of its own), never a value of anybody: what is not named here is not touched.
const keep = "kuraban-parts-1";
const standing = ["/offline.html", "/offline.css", "/favicon.svg"];
const isPart = (url) => url.origin === self.location.origin && /^\/assets\/[A-Za-z0-9._-]+\.(?:js|css)$/.test(url.pathname);
const mostParts = 300;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(keep)
      .then((cache) => cache.addAll(standing))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== keep).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// A part's name changes with its contents, so what is kept is never stale; the oldest go when there are too many. Where the browser
// keeps nothing (a full disk, no room left for this site) the part itself comes all the same.
async function keptPart(request) {
  try {
    return await (await caches.open(keep)).match(request);
  } catch {
    return undefined;
  }
}

async function keepPart(request, answer) {
  try {
    const cache = await caches.open(keep);
    await cache.put(request, answer);
    const parts = (await cache.keys()).filter(({ url }) => isPart(new URL(url)));
    await Promise.all(parts.slice(0, Math.max(0, parts.length - mostParts)).map((old) => cache.delete(old)));
  } catch {
    // It is asked for again the next time.
  }
}

async function part(event) {
  const kept = await keptPart(event.request);
  if (kept !== undefined) return kept;
  const answer = await fetch(event.request);
  if (answer.status === 200 && answer.type === "basic") event.waitUntil(keepPart(event.request, answer.clone()));
  return answer;
}

async function offline(request) {
  try {
    return await fetch(request);
  } catch {
    return (await (await caches.open(keep)).match(standing[0])) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || url.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") event.respondWith(offline(request));
  else if (isPart(url)) event.respondWith(part(event));
  else if (standing.includes(url.pathname)) event.respondWith(fetch(request).catch(async () => (await caches.match(request)) ?? Response.error()));
});
