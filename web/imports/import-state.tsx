import type { importStates } from "#shared/imports.ts";
import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

type State = (typeof importStates)[number];

export function ImportState({ state }: { state: State }) {
  const { w } = useWords();
  const tone =
    state === "failed" ? "loss" : state === "awaits-mapping" ? "look" : state === "running" || state === "reading" || state === "undoing" ? "act" : "plain";
  return <Mark tone={tone}>{w.imports.states[state]}</Mark>;
}
