import type { Context } from "#server/core/door/index.ts";
import { actingAccount } from "./account-for.ts";
import { accountOf, type Change } from "./change.ts";
import { basisOf } from "./consent-basis.ts";
import type { HeldPolicy } from "./policy-change.ts";

/** Keeps a change for the privacy officer; an earlier request for the same thing is withdrawn. Returns its number. */
export async function requestConsent(context: Context, held: HeldPolicy, asked: Change): Promise<number> {
  const { db, journal, now } = context;
  const { accountNo: requestedBy } = actingAccount(context);
  const accountNo = accountOf(asked);
  await db.query(
    `update consents set state = 'withdrawn', decided_at = $2
      where state = 'pending' and change->>'what' = $1::jsonb->>'what'
        and change->'accountNo' is not distinct from $1::jsonb->'accountNo'
        and change->'departmentNo' is not distinct from case when $1::jsonb ? 'accountNo' then change->'departmentNo' else $1::jsonb->'departmentNo' end
        and change->'definition'->'key' is not distinct from $1::jsonb->'definition'->'key'`,
    [JSON.stringify(asked), now],
  );
  const [made] = await db.query<{ consent_no: number }>(
    `insert into consents (what, change, basis, account_no, requested_by, requested_at) values ($1, $2, $3, $4, $5, $6) returning consent_no`,
    [asked.what, JSON.stringify(asked), basisOf(held, asked), accountNo, requestedBy, now],
  );
  const consentNo = made?.consent_no ?? 0;
  journal.becomes("consent.requested");
  journal.fact("consentNo", consentNo);
  journal.fact("asked", asked);
  if (accountNo !== null) journal.touched("account", accountNo);
  return consentNo;
}
