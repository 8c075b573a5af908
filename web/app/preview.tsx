import { CompanyPreview } from "#web/companies/company-preview.tsx";
import { CustomerPreview } from "#web/customers/customer-preview.tsx";
import { EventPreview } from "#web/ledger/event-preview.tsx";
import type { Peek } from "#web/parts/use-peek.ts";
import { AccountPreview } from "#web/settings/account-preview.tsx";

/** What a chip opens, the same from everywhere. */
export function Preview({ peek }: { peek: Peek }) {
  if (peek.kind === "customer") return <CustomerPreview customerNo={peek.no} />;
  if (peek.kind === "company") return <CompanyPreview companyNo={peek.no} />;
  if (peek.kind === "account") return <AccountPreview accountNo={peek.no} />;
  return <EventPreview eventNo={peek.no} />;
}
