import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { BodyOf, ReplyOf } from "#shared/endpoint.ts";
import { keepQuestion, listQuestions, removeQuestion } from "#shared/ledger.ts";
import { call } from "#web/call.ts";

export type Question = ReplyOf<typeof listQuestions>["questions"][number];
export type TypedQuestion = BodyOf<typeof keepQuestion>;

/** One's own questions to the ledger and the shared ones. */
export function useQuestions(isOn: boolean) {
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: ["questions"], queryFn: async () => (await call(listQuestions)).questions, staleTime: Infinity, enabled: isOn });
  const again = () => client.invalidateQueries({ queryKey: ["questions"] });
  return {
    questions: data ?? [],
    keep: async (question: TypedQuestion): Promise<void> => {
      await call(keepQuestion, { body: question });
      await again();
    },
    remove: async (questionNo: number): Promise<void> => {
      await call(removeQuestion, { params: { questionNo } });
      await again();
    },
  };
}
