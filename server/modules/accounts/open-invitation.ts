import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as session from "#shared/session.ts";
import { invitationFor } from "./invitations.ts";

/** @throws Problem not-found */
export async function openInvitation(context: Context, input: Input<typeof session.openInvitation>): Promise<Draft<ReplyOf<typeof session.openInvitation>>> {
  const { db, policy, journal } = context;
  const invitation = await invitationFor(context, input.body.token);
  const [organisation] = await db.query<{ name: string }>("select name from organisation");
  journal.fact("kind", invitation.kind);
  if (invitation.account_no !== null) journal.fact("accountNo", invitation.account_no);
  const keys = invitation.account_no === null ? [] : (policy.rolesOf.get(invitation.account_no) ?? []);
  return {
    kind: invitation.kind,
    organisation: organisation?.name ?? "",
    roles: keys.flatMap((key) => {
      const role = policy.roles.get(key);
      return role === undefined ? [] : [{ key, labelJa: role.labelJa, labelEn: role.labelEn }];
    }),
    expiresAt: invitation.expires_at.toISOString(),
  };
}
