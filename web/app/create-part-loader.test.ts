import { describe, expect, test } from "vitest";
import { createPartLoader } from "#web/app/create-part-loader.ts";

const part = { name: "screen" };
const start = () => Promise.resolve(part);
const notBrought = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module: https://kuraban.test/assets/a.js"));

/** A browser whose server answers as told, a file at a time; pauses pass when the test says so. */
function playGround(answers: Record<string, readonly (number | "none")[]> = {}) {
  const asked: string[] = [];
  const sheets: string[] = [];
  const pauses: number[] = [];
  const sleeping = new Set<() => void>();
  let newer: string | undefined;
  const loader = createPartLoader(
    {
      fetchFile(path) {
        asked.push(path);
        const told = answers[path] ?? [200];
        const now = told[Math.min(asked.filter((one) => one === path).length, told.length) - 1];
        return now === "none" || now === undefined ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve(now);
      },
      addStyleSheet(path) {
        sheets.push(path);
        return Promise.resolve();
      },
      askForNewer: () => Promise.resolve(newer),
      after(milliseconds, act) {
        pauses.push(milliseconds);
        sleeping.add(act);
        return () => void sleeping.delete(act);
      },
    },
    new Set(["/assets/index.js"]),
  );
  const settle = async () => {
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  };
  return {
    loader,
    asked,
    sheets,
    pauses,
    settle,
    upgrade: () => (newer = "/assets/index-2.js"),
    async passPauses(times: number) {
      for (let time = 0; time < times; time += 1) {
        await settle();
        for (const act of [...sleeping]) act();
      }
      await settle();
    },
  };
}

describe("the loader of parts", () => {
  test("asks again for a file that did not come, with growing pauses and without a word, then starts the part once", async () => {
    const { loader, asked, pauses, passPauses } = playGround({ "/assets/a.js": ["none", 503, 200] });
    let starts = 0;
    const loading = loader.load(() => {
      starts += 1;
      return start();
    }, ["/assets/a.js", "/assets/index.js"]);
    await passPauses(2);
    await expect(loading).resolves.toBe(part);
    expect(asked).toEqual(["/assets/a.js", "/assets/a.js", "/assets/a.js"]);
    expect(pauses).toEqual([300, 1000]);
    expect(starts).toBe(1);
    expect(loader.standing()).toEqual({ isAway: false, isLooking: false, newer: undefined });
  });

  test("fetches what parts share once, and puts style sheets into the page in their order before the part starts", async () => {
    const { loader, asked, sheets } = playGround();
    const files = ["/assets/a.js", "/assets/one.css", "/assets/two.css"];
    let sheetsAtStart = 0;
    await loader.load(() => {
      sheetsAtStart = sheets.length;
      return start();
    }, files);
    await loader.load(start, files);
    expect(asked).toEqual(files);
    expect(sheets).toEqual(["/assets/one.css", "/assets/two.css"]);
    expect(sheetsAtStart).toBe(2);
  });

  test("says that a part is away when asking again did not help, and brings it when told to look again", async () => {
    const answers = { "/assets/a.js": ["none", "none", "none", "none", 200] as const };
    const { loader, passPauses, settle } = playGround(answers);
    const loading = loader.load(start, ["/assets/a.js"]);
    await passPauses(3);
    expect(loader.standing().isAway).toBe(true);
    loader.lookAgain();
    expect(loader.standing().isLooking).toBe(true);
    await settle();
    await expect(loading).resolves.toBe(part);
    expect(loader.standing()).toEqual({ isAway: false, isLooking: false, newer: undefined });
  });

  test("names the newer version at once when a file is gone from the server, and asks for it no more", async () => {
    const { loader, asked, passPauses, upgrade } = playGround({ "/assets/a.js": [404] });
    upgrade();
    void loader.load(start, ["/assets/a.js"]);
    await passPauses(5);
    expect(loader.standing()).toEqual({ isAway: false, isLooking: false, newer: "/assets/index-2.js" });
    expect(asked).toEqual(["/assets/a.js"]);
  });

  test("a file that is gone while the server has no newer version is asked for again like one that did not come", async () => {
    const { loader, passPauses } = playGround({ "/assets/a.js": [404, 404, 200] });
    const loading = loader.load(start, ["/assets/a.js"]);
    await passPauses(2);
    await expect(loading).resolves.toBe(part);
    expect(loader.standing().newer).toBeUndefined();
  });

  test("the part's own error comes through at once; a browser that cannot start what is here ends in an error and not in silence", async () => {
    const { loader, passPauses, pauses } = playGround();
    await expect(loader.load(() => Promise.reject(new Error("a bug")), ["/assets/a.js"])).rejects.toThrow("a bug");
    expect(pauses).toEqual([]);
    const stuck = expect(loader.load(notBrought, ["/assets/a.js"])).rejects.toThrow("cannot be started");
    await passPauses(3);
    await stuck;
    expect(loader.standing().isAway).toBe(false);
  });
});
