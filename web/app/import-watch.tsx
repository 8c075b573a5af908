import { notifications } from "@mantine/notifications";
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from "react";
import { showImport } from "#shared/imports.ts";
import { call } from "#web/call.ts";
import { useWords } from "#web/words/words.ts";

const ImportWatchContext = createContext<(importNo: number) => void>(() => {});

/** Watches imports started in this window, so that the page may be left: their end is told wherever one is. */
export function ImportWatch({ children }: { children: ReactNode }) {
  const { w } = useWords();
  const client = useQueryClient();
  const [watched, setWatched] = useState<readonly number[]>([]);
  const results = useQueries({
    queries: watched.map((importNo) => ({
      queryKey: ["import-watch", importNo],
      queryFn: () => call(showImport, { params: { importNo }, query: { named: "no" } }),
      refetchInterval: 5000,
      staleTime: 0,
    })),
  });
  const ended = results.find((result) => result.data !== undefined && !["running", "reading"].includes(result.data.state))?.data;
  useEffect(() => {
    if (ended === undefined) return;
    setWatched((former) => former.filter((one) => one !== ended.importNo));
    void client.invalidateQueries({ queryKey: ["imports"] });
    // The import's own page says so itself.
    if (location.pathname === `/import/${ended.importNo}`) return;
    const message = ended.state === "failed" ? w.imports.failedTitle : w.imports.finished(ended.added);
    notifications.show({ message, color: ended.state === "failed" ? "red" : "indigo" });
  }, [ended, client, w]);
  const watch = useCallback((importNo: number) => setWatched((former) => (former.includes(importNo) ? former : [...former, importNo])), []);
  return <ImportWatchContext value={watch}>{children}</ImportWatchContext>;
}

export function useImportWatch(): (importNo: number) => void {
  return useContext(ImportWatchContext);
}
