import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { listStars, putStars } from "#shared/working-list.ts";
import { call } from "#web/call.ts";
import { useMe } from "#web/parts/use-me.ts";

const key = ["stars"];

/** The numbers of the customers that the signed-in person starred. */
export function useStars() {
  const client = useQueryClient();
  const { mayRead } = useMe();
  const { data } = useQuery({ queryKey: key, queryFn: async () => (await call(listStars)).customerNos, staleTime: Infinity, enabled: mayRead.customer });
  const starred = useMemo(() => new Set(data), [data]);
  const put = useCallback(
    async (customerNos: readonly number[], isStarred: boolean) => {
      const former = client.getQueryData<number[]>(key) ?? [];
      client.setQueryData(key, isStarred ? [...new Set([...customerNos, ...former])] : former.filter((no) => !customerNos.includes(no)));
      try {
        const reply = await call(putStars, { body: { customerNos: [...customerNos], isStarred } });
        client.setQueryData(key, reply.customerNos);
      } catch (refused) {
        client.setQueryData(key, former);
        throw refused;
      }
    },
    [client],
  );
  return { starred, put };
}
