import { createPartLoader } from "#web/app/create-part-loader.ts";

/** The first script that a page names, as the built index.html has it. */
const firstScript = /<script\b[^>]*\btype="module"[^>]*\bsrc="([^"]+)"/;

const here = new Set<string>();
for (const element of document.querySelectorAll("head link[href], head script[src]"))
  here.add(element.getAttribute("href") ?? element.getAttribute("src") ?? "");

/** The parts of the screens that come when they are needed. There is one for the page, as the browser has one map of its modules. */
export const partsOfScreens = createPartLoader(
  {
    async fetchFile(path) {
      const answer = await fetch(path);
      // Only what was read to its end stands whole in the cache.
      await answer.arrayBuffer();
      return answer.status;
    },
    addStyleSheet: (path) =>
      new Promise((done, fail) => {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.crossOrigin = "";
        link.href = path;
        link.addEventListener("load", () => done());
        link.addEventListener("error", () => {
          link.remove();
          fail(new Error("A style sheet did not load"));
        });
        document.head.append(link);
      }),
    async askForNewer() {
      const own = document.querySelector("head script[type=module][src]")?.getAttribute("src");
      const answer = await fetch("/", { cache: "no-store", headers: { accept: "text/html" } });
      if (!answer.ok) return undefined;
      const named = firstScript.exec(await answer.text())?.[1];
      return named === own ? undefined : named;
    },
    after(milliseconds, act) {
      const timer = setTimeout(act, milliseconds);
      return () => clearTimeout(timer);
    },
  },
  here,
);
window.addEventListener("online", () => partsOfScreens.lookAgain());

/** Stands in the built code around every `import()`: vite.config.ts. `files` are paths below the root of the site. */
export function loadPart<Part>(start: () => Promise<Part>, files: readonly string[] = []): Promise<Part> {
  return partsOfScreens.load(
    start,
    files.map((file) => `/${file}`),
  );
}
