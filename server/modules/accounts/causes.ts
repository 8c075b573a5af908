import { isIP } from "node:net";
import type { Cause, CauseAnswer, CauseAsked } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { policiesFromEvents, spansOf, tellingPolicy, type Body } from "./rights-of-then/index.ts";

/** The values of a cause as numbers. @throws Problem invalid-input */
export function numbersAsked({ values }: Pick<CauseAsked, "values">): number[] {
  if (values.length === 0 || values.some((value) => typeof value !== "number")) throw new Problem("invalid-input", { field: "values" });
  return values as number[];
}

function textsAsked({ values }: Pick<CauseAsked, "values">, isFit: (text: string) => boolean): string[] {
  if (values.length === 0 || values.some((value) => typeof value !== "string" || !isFit(value))) throw new Problem("invalid-input", { field: "values" });
  return values as string[];
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

function isAddressRange(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const version = isIP(address);
  return version !== 0 && more.length === 0 && (bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)));
}

/**
 * Whom somebody was shown, and whose rows of an imported file: those have no number yet when they are shown, so the file's people
 * are found by the import (`throughImports`).
 */
function shownTo(filters: readonly CauseAnswer["released"][number]["filter"][]): CauseAnswer {
  const released = filters.map((filter) => ({ filter }));
  return { released, throughImports: released };
}

async function shownWhile(asked: CauseAsked, body: Body): Promise<CauseAnswer> {
  const { policies } = await policiesFromEvents(asked.query, asked.policy, asked.asOf);
  return { ...shownTo(spansOf(policies, body, asked)), restsOn: tellingPolicy };
}

/** What was in somebody's hands: an account, a session, a browser, a place in the network, and what its holders held then. */
export const causes: readonly Cause[] = [
  {
    kind: "account",
    ja: "利用者",
    en: "Account",
    takes: "accounts",
    resolve: (asked) => shownTo([{ accountNos: numbersAsked(asked), from: asked.from, to: asked.to }]),
  },
  {
    kind: "session",
    ja: "ログイン(セッション)",
    en: "Session",
    takes: "sessions",
    resolve: (asked) => shownTo([{ sessionIds: textsAsked(asked, isUuid), from: asked.from, to: asked.to }]),
  },
  {
    kind: "device",
    ja: "端末(ブラウザー)",
    en: "Device",
    takes: "devices",
    resolve: (asked) => shownTo([{ deviceIds: textsAsked(asked, () => true), from: asked.from, to: asked.to }]),
  },
  {
    // What was shown before may still be there: kept pages, pictures, files.
    kind: "lost-device",
    ja: "紛失・盗難にあった端末",
    en: "Lost device",
    takes: "devices",
    resolve: (asked) => {
      const deviceIds = textsAsked(asked, () => true);
      const { from, to } = asked;
      const ever = shownTo([{ deviceIds, to }]);
      if (from === undefined) return ever;
      const { released } = shownTo([{ deviceIds, from, to }]);
      return { ...ever, released, reached: [{ way: "device-memory", question: { filter: { deviceIds, to: from } }, isReleasing: true }] };
    },
  },
  {
    kind: "address",
    ja: "IP アドレスの範囲",
    en: "Address range",
    takes: "addresses",
    resolve: (asked) => shownTo([{ addresses: textsAsked(asked, isAddressRange), from: asked.from, to: asked.to }]),
  },
  {
    kind: "role",
    ja: "役割(その時に持っていた人)",
    en: "Role, whoever held it then",
    takes: "roles",
    resolve: (asked) => shownWhile(asked, { roles: textsAsked(asked, () => true) }),
  },
  {
    kind: "department",
    ja: "部門(その時にいた人)",
    en: "Department, whoever was in it then",
    takes: "departments",
    resolve: (asked) => shownWhile(asked, { departmentNos: numbersAsked(asked) }),
  },
  { kind: "time", ja: "時間帯", en: "A time", takes: "none", resolve: (asked) => shownTo([{ from: asked.from, to: asked.to }]) },
];
