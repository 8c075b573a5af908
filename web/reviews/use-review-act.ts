import { useAct } from "#web/parts/use-act.ts";

/** An act on a review. */
export function useReviewAct<Given, Reply>(act: (given: Given) => Promise<Reply>, onDone: (reply: Reply) => string) {
  return useAct(act, onDone, { changes: ["reviews", "review", "takings", "accounts", "staff"] });
}
