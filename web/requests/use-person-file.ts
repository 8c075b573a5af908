import { useQuery } from "@tanstack/react-query";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listUsePurposes, personFile, type UsePurpose } from "#shared/person-requests.ts";
import { call } from "#web/call.ts";

export type PersonFile = ReplyOf<typeof personFile>;
export type PersonsRequest = PersonFile["requests"][number];

export function usePersonFile(customerNo: number) {
  return useQuery({ queryKey: ["person-file", customerNo], queryFn: () => call(personFile, { params: { customerNo } }), staleTime: 0 });
}

export function useUsePurposes(): readonly UsePurpose[] {
  const { data } = useQuery({ queryKey: ["use-purposes"], queryFn: () => call(listUsePurposes) });
  return data?.purposes ?? [];
}
