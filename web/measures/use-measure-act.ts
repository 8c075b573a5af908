import { useAct } from "#web/parts/use-act.ts";

/** An act on a measure. */
export function useMeasureAct<Given, Reply>(act: (given: Given) => Promise<Reply>, onDone: (reply: Reply) => string) {
  return useAct(act, onDone, { changes: ["measures", "approvals", "lists", "incident"] });
}
