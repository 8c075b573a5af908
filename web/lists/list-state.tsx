import type { ReplyOf } from "#shared/endpoint.ts";
import type { showList } from "#shared/lists.ts";
import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

export type List = ReplyOf<typeof showList>;

/** The state of a list, in words. */
export function ListState({ state }: { state: List["state"] }) {
  const { w } = useWords();
  return (
    <Mark tone={state === "waiting" || state === "ended" ? "look" : state === "refused" || state === "withdrawn" ? "loss" : "plain"}>
      {w.lists.states[state]}
    </Mark>
  );
}
