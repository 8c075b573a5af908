import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { CustomerFacts, CustomerName } from "#web/customers/customer-head.tsx";
import { CustomerValues, maskedFields } from "#web/customers/customer-values.tsx";
import { useCustomer } from "#web/customers/use-customer.ts";
import { useReveal } from "#web/customers/use-reveal.tsx";
import { keysOf, UseActs, useUses } from "#web/customers/use-value.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useKeys } from "#web/parts/use-keys.ts";
import { useWords } from "#web/words/words.ts";

/** A person in the side panel, from wherever the chip was clicked. */
export function CustomerPreview({ customerNo }: { customerNo: number }) {
  const { w } = useWords();
  const { data, error, refetch } = useCustomer(customerNo);
  const reveal = useReveal(customerNo);
  const uses = useUses(customerNo, data, reveal.values);
  const navigate = useNavigate();
  useKeys({
    ...keysOf(uses),
    r: () => data !== undefined && data.may.reveal && reveal.reveal(maskedFields(data)),
    o: () => void navigate({ to: "/customers/$customerNo", params: { customerNo: String(customerNo) } }),
  });
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  return (
    <div className="column">
      <CustomerName customer={data} as="h2" />
      <CustomerFacts customer={data} />
      <div className="line">
        <Button component={Link} to={`/customers/${customerNo}`} size="xs">
          {w.act.openFull}
        </Button>
        {data.may.reveal && maskedFields(data).length > 0 ? (
          <Button variant="default" size="xs" onClick={() => reveal.reveal(maskedFields(data))}>
            {w.person.revealAll}
          </Button>
        ) : null}
      </div>
      <UseActs uses={uses} size="xs" />
      <CustomerValues customer={data} reveal={reveal} uses={uses} isShort />
      {reveal.dialog}
      {uses.dialog}
    </div>
  );
}
