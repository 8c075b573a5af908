import { useAct } from "#web/parts/use-act.ts";

/** An act on what follows an incident. */
export function useAfterwardsAct<Given, Reply>(act: (given: Given) => Promise<Reply>, onDone?: (reply: Reply, given: Given) => string | undefined) {
  return useAct(act, onDone, { changes: ["incident", "preventions"] });
}
