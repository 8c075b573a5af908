import { describe, expect, it } from "vitest";
import { defaultDataFolder } from "./default-data-folder.ts";

describe("defaultDataFolder", () => {
  it.each([
    [{ isRoot: true, home: "/root" }, "/var/lib/kuraban/demo"],
    [{ isRoot: false, home: "/home/sato" }, "/home/sato/.local/share/kuraban/demo"],
    [{ isRoot: false, home: "/home/sato", xdgDataHome: "/srv/sato" }, "/srv/sato/kuraban/demo"],
    [{ isRoot: false, home: "/home/sato", xdgDataHome: "relative-is-ignored" }, "/home/sato/.local/share/kuraban/demo"],
  ])("for %o is %s", (user, folder) => {
    expect(defaultDataFolder("demo", user)).toBe(folder);
  });
});
