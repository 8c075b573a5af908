import { Link } from "@tanstack/react-router";
import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

/** In the head of a person: whether the use is suspended and what that means, and the way to the person's requests. */
export function PersonRightsLine({ customer }: { customer: { readonly customerNo: number; readonly isSuspended: boolean } }) {
  const { w } = useWords();
  return (
    <p className="line small">
      {customer.isSuspended ? <span>{w.requests.suspendedHelp}</span> : null}
      <Link to="/customers/$customerNo/person" params={{ customerNo: String(customer.customerNo) }}>
        {w.requests.pageTitle}
      </Link>
    </p>
  );
}

/** Beside a name in a list. */
export function SuspendedMark({ isSuspended }: { isSuspended: boolean }) {
  const { w } = useWords();
  return isSuspended ? <Mark tone="loss">{w.requests.suspendedMark}</Mark> : null;
}
