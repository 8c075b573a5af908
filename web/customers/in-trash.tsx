import type { ReactNode } from "react";
import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

/** Days below which the term of the trash is told with more weight. */
export const soonDays = 7;

/** What is left of the term of somebody or something in the trash. */
export function TrashTerm({ daysLeft }: { daysLeft: number }) {
  const { w } = useWords();
  return <Mark tone={daysLeft <= soonDays ? "look" : "plain"}>{w.bulk.daysLeft(daysLeft)}</Mark>;
}

/** Says of a page that what it shows lies in the trash, and for how long still. */
export function InTrash({ text, daysLeft, children }: { text: string; daysLeft: number | null; children?: ReactNode }) {
  return (
    <p className="line">
      <span className="soft">{text}</span>
      {daysLeft === null ? null : <TrashTerm daysLeft={daysLeft} />}
      {children}
    </p>
  );
}
