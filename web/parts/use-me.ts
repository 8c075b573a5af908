import { createContext, useContext } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { Verb } from "#shared/rights.ts";
import type { me } from "#shared/session.ts";

export type Me = ReplyOf<typeof me>;
export const MeContext = createContext<Me | null>(null);

/** Who is signed in. Exists only behind the gate. */
export function useMe(): Me {
  const found = useContext(MeContext);
  if (found === null) throw new Error("useMe stands outside the gate");
  return found;
}

export function useMay(): (verb: Verb) => boolean {
  const { verbs } = useMe();
  return (verb) => verbs.includes(verb);
}
