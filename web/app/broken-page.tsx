import { Button } from "@mantine/core";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { useWords } from "#web/words/words.ts";

/** What stands where a screen broke. A part that has not come yet is waited for: parts-bar.tsx. */
export function BrokenPage() {
  const { w } = useWords();
  return (
    <EmptyState as="h1" title={w.brokenPage.title} help={w.brokenPage.lead} action={<Button onClick={() => location.reload()}>{w.brokenPage.again}</Button>} />
  );
}
