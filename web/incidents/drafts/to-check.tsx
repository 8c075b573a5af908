import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

/** 「要確認」: rests on general knowledge until it is checked against the originals. */
export function ToCheck() {
  const { w } = useWords();
  return (
    <span title={w.incidentDrafts.toCheckHelp}>
      <Mark tone="look">{w.incidentDrafts.toCheck}</Mark>
    </span>
  );
}
