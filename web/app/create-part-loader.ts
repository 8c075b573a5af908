/** How things stand with parts of the screens that have not come. */
export interface PartsStanding {
  /** A part does not come, and asking at once again did not help. */
  readonly isAway: boolean;
  /** What is away is being asked for this moment. */
  readonly isLooking: boolean;
  /** The first script of a newer version, which the server has instead of the one that runs here. */
  readonly newer: string | undefined;
}

export interface PartLoader {
  /**
   * Brings the files of a part (paths of scripts and style sheets), then starts it. Does not fail while a file may still come: what
   * stays away is asked for again until it is here, and a part that a newer server no longer has is waited for by nobody. Throws
   * what the part itself throws, and an Error when all files are here and the browser still cannot load it.
   */
  load<Part>(start: () => Promise<Part>, files?: readonly string[]): Promise<Part>;
  /** Asks now for everything that is away. */
  lookAgain(): void;
  standing(): PartsStanding;
  onChange(listener: () => void): () => void;
}

/** What a loader needs of a browser. */
export interface PartGround {
  /** Fetches a file into the browser's cache and answers the status; fails without an answer. */
  readonly fetchFile: (path: string) => Promise<number>;
  /** Puts a style sheet at the end of the page; fails when it does not load. */
  readonly addStyleSheet: (path: string) => Promise<void>;
  /** The first script of what the server has now, if it is another than the one that runs here. */
  readonly askForNewer: () => Promise<string | undefined>;
  /** Acts later, in ms; the answer calls it off. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
}

/** Pauses before a part is called away, in ms. */
const first = [300, 1000, 2500];
/** Then it is looked for every so often, in ms. */
const later = 15_000;

type Cause = "no-answer" | "gone" | "not-started";

class Missing extends Error {
  readonly why: Cause;
  constructor(why: Cause, cause?: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

/** The browser's own failure to bring a script, in the words of Chromium, Firefox and Safari. */
const isNotBrought = (error: unknown): boolean => error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);

const isSheet = (path: string): boolean => path.endsWith(".css");

/**
 * Files are fetched before a script is imported: many browsers keep a failed import for as long as the page stands
 * (whatwg/html#6768), so an import that may fail must not be tried. `here` are the files the page came with.
 */
export function createPartLoader(ground: PartGround, here: ReadonlySet<string>): PartLoader {
  const fetched = new Map<string, Promise<void>>();
  const added = new Map<string, Promise<void>>();
  const sleepers = new Set<() => void>();
  const listeners = new Set<() => void>();
  let away = 0;
  let now: PartsStanding = { isAway: false, isLooking: false, newer: undefined };

  function tell(change: Partial<PartsStanding>): void {
    now = { ...now, ...change };
    for (const listener of listeners) listener();
  }

  /** Once for each file; what failed may be tried again. */
  function once(kept: Map<string, Promise<void>>, path: string, act: () => Promise<void>): Promise<void> {
    const known = kept.get(path);
    if (known !== undefined || here.has(path)) return known ?? Promise.resolve();
    const trying = act();
    kept.set(path, trying);
    trying.catch(() => kept.delete(path));
    return trying;
  }

  async function fetchFile(path: string): Promise<void> {
    const status = await ground.fetchFile(path).catch((error: unknown) => {
      throw new Missing("no-answer", error);
    });
    if (status === 404 || status === 410) throw new Missing("gone");
    if (status !== 200) throw new Missing("no-answer");
  }

  async function bring<Part>(start: () => Promise<Part>, files: readonly string[]): Promise<Part> {
    await Promise.all(files.map((path) => once(fetched, path, () => fetchFile(path))));
    const sheets = files.filter(isSheet).map((path) =>
      once(added, path, () =>
        ground.addStyleSheet(path).catch((error: unknown) => {
          fetched.delete(path);
          throw new Missing("no-answer", error);
        }),
      ),
    );
    await Promise.all(sheets);
    return start().catch((error: unknown) => {
      if (!isNotBrought(error)) throw error;
      for (const path of files) fetched.delete(path);
      throw new Missing("not-started", error);
    });
  }

  function rest(milliseconds: number): Promise<void> {
    return new Promise((done) => {
      const wake = () => {
        sleepers.delete(wake);
        callOff();
        done();
      };
      const callOff = ground.after(milliseconds, wake);
      sleepers.add(wake);
    });
  }

  async function load<Part>(start: () => Promise<Part>, files: readonly string[] = []): Promise<Part> {
    let isCounted = false;
    const count = (isAway: boolean) => {
      if (isAway === isCounted) return;
      isCounted = isAway;
      away += isAway ? 1 : -1;
      tell({ isAway: away > 0, isLooking: away > 0 && now.isLooking });
    };
    for (let tries = 0; ; tries += 1) {
      try {
        const part = await bring(start, files);
        count(false);
        return part;
      } catch (error) {
        if (!(error instanceof Missing)) {
          count(false);
          throw error;
        }
        if (error.why === "not-started" && tries >= first.length) {
          count(false);
          throw new Error("A part of the screens is here and cannot be started", { cause: error.cause });
        }
        const newer = error.why === "gone" ? await ground.askForNewer().catch(() => undefined) : undefined;
        if (newer !== undefined) {
          count(false);
          tell({ newer });
          return new Promise(() => {});
        }
        if (tries >= first.length) {
          count(true);
          if (now.isLooking) tell({ isLooking: false });
        }
        await rest(first[tries] ?? later);
      }
    }
  }

  return {
    load,
    lookAgain() {
      if (away > 0) tell({ isLooking: true });
      for (const wake of [...sleepers]) wake();
    },
    standing: () => now,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
