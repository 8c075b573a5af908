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

/** Whether the person does nothing but answer callers: nothing of the product but the desk is open to them. */
export function useIsAtDeskAlone(): boolean {
  const { verbs, mayRead, purposes } = useMe();
  return verbs.length === 1 && verbs[0] === "answer-callers" && purposes.length === 0 && !Object.values(mayRead).includes(true);
}
