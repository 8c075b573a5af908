import { useQuery } from "@tanstack/react-query";
import { holdOfCustomer } from "#shared/evidence.ts";
import { call } from "#web/call.ts";
import { Mark } from "#web/parts/mark.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { Why } from "#web/parts/why.tsx";
import { useWords } from "#web/words/words.ts";

/** 保全中, for those whose acts a hold stops; for others nothing is asked and nothing is shown. */
export function HoldMark({ customerNo }: { customerNo: number }) {
  const { w, date } = useWords();
  const may = useMay();
  const isStopped = may("answer-person") || may("delete") || may("keep-evidence");
  const { data } = useQuery({
    queryKey: ["hold-of-customer", customerNo],
    queryFn: () => call(holdOfCustomer, { params: { customerNo } }),
    enabled: isStopped,
  });
  if (data?.isHeld !== true) return null;
  return (
    <span className="line">
      <Mark tone="look">{w.evidence.heldMark}</Mark>
      <Why article="evidence">{data.since === null ? w.evidence.heldWhy : `${w.evidence.heldSince(date(data.since))} ${w.evidence.heldWhy}`}</Why>
    </span>
  );
}
