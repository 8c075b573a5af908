import type { LikenessCode } from "#shared/duplicates.ts";
import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

/** Why two are taken to be alike, in words. What speaks against it is marked. */
export function LikenessReasons({ reasons }: { reasons: readonly LikenessCode[] }) {
  const { w } = useWords();
  return (
    <span className="line">
      {reasons.map((reason) => (
        <Mark key={reason} tone={reason.startsWith("other-") ? "look" : "plain"}>
          {w.duplicates.why[reason]}
        </Mark>
      ))}
    </span>
  );
}
