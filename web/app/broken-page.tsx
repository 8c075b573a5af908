import { Button } from "@mantine/core";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { useWords } from "#web/words/words.ts";

/** What stands where a screen could not be loaded or broke: a part of it did not arrive, or is of the version before. */
export function BrokenPage() {
  const { w } = useWords();
  return (
    <EmptyState as="h1" title={w.brokenPage.title} help={w.brokenPage.lead} action={<Button onClick={() => location.reload()}>{w.brokenPage.again}</Button>} />
  );
}
