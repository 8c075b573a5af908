import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { defaultColumns, saveLayout, showLayout, type ListLayout } from "#shared/working-list.ts";
import { call } from "#web/call.ts";

const shipped: ListLayout = { columns: [...defaultColumns], widths: {}, density: "comfortable", firstViewNo: null };
const restMilliseconds = 600;

/** How the signed-in person arranged the list. A change shows at once and is kept once the hand rests. */
export function useLayout() {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ["list-layout"],
    queryFn: async () => (await call(showLayout)).layout ?? shipped,
    staleTime: Infinity,
  });
  const { mutate } = useMutation({ mutationFn: (layout: ListLayout) => call(saveLayout, { body: layout }) });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const waiting = useRef<ListLayout>(undefined);
  const keep = useCallback(() => {
    clearTimeout(timer.current);
    if (waiting.current !== undefined) mutate(waiting.current);
    waiting.current = undefined;
  }, [mutate]);
  useEffect(() => keep, [keep]);
  const arrange = useCallback(
    (part: Partial<ListLayout>) => {
      const next = { ...(client.getQueryData<ListLayout>(["list-layout"]) ?? shipped), ...part };
      client.setQueryData(["list-layout"], next);
      waiting.current = next;
      clearTimeout(timer.current);
      timer.current = setTimeout(keep, restMilliseconds);
    },
    [client, keep],
  );
  return { layout: data, arrange };
}
