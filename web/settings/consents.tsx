import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { decideConsent, listConsents } from "#shared/accounts.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Seal } from "#web/parts/seal.tsx";
import { invitationLink, SecretLink } from "#web/parts/secret-link.tsx";
import { textOf, useDepartments, useStaff } from "#web/parts/use-directory.ts";
import { useMay, useMe } from "#web/parts/use-me.ts";
import { Why } from "#web/parts/why.tsx";
import { RoleMatrix } from "#web/settings/role-matrix.tsx";
import { useRoleNames } from "#web/settings/people.tsx";
import { useWords } from "#web/words/words.ts";

const shownAtMost = 8;
type Consent = ReplyOf<typeof listConsents>["consents"][number];

export function Consents() {
  const { w } = useWords();
  const { data, error } = useQuery({ queryKey: ["consents"], queryFn: () => call(listConsents), staleTime: 0 });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  if (data.consents.length === 0) return <EmptyState title={w.settings.noConsents} />;
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={w.settings.consents}>
      <table className="plain-table" data-stacks>
        <thead>
          <tr>
            <th scope="col">{w.settings.requestedAt}</th>
            <th scope="col">{w.ledger.type}</th>
            <th scope="col">{w.settings.target}</th>
            <th scope="col">{w.settings.requestedBy}</th>
            <th scope="col">{w.settings.state}</th>
          </tr>
        </thead>
        <tbody>
          {data.consents.map((consent) => (
            <ConsentRow key={consent.consentNo} consent={consent} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ConsentRow({ consent }: { consent: Consent }) {
  const { w } = useWords();
  const may = useMay();
  const { accountNo } = useMe();
  const client = useQueryClient();
  const roleNames = useRoleNames();
  const departments = useDepartments();
  const departmentName = (no: number | null) => departments.find((one) => one.departmentNo === no)?.name;
  const decide = useMutation({
    mutationFn: (decision: "grant" | "refuse") => call(decideConsent, { params: { consentNo: consent.consentNo }, body: { decision } }),
    onSuccess: () => {
      for (const key of ["consents", "accounts", "roles", "departments"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <tr>
      <td>
        <At iso={consent.requestedAt} />
      </td>
      <td>{w.settings.consentWhat[consent.what]}</td>
      <td>
        <span className="line">
          {consent.accountNo === null ? null : <AccountChip no={consent.accountNo} />}
          {consent.roleKey === null ? null : roleNames([consent.roleKey])}
          {departmentName(consent.departmentNo)}
          {consent.what === "department-move" ? <span>→ {departmentName(consent.parentNo) ?? w.settings.top}</span> : null}
          {consent.roles === null ? null : <span>→ {roleNames(consent.roles)}</span>}
        </span>
        <Affected label={w.settings.beneficiaries} accounts={consent.beneficiaries} />
        {consent.state === "pending" ? <Affected label={w.settings.renews} accounts={consent.renewsFactorsOf} /> : null}
        {consent.definition === null ? null : (
          <details className="small">
            <summary>{w.settings.definition}</summary>
            <RoleMatrix role={consent.definition} mayChange={false} as="h3" />
          </details>
        )}
      </td>
      <td>
        <AccountChip no={consent.requestedBy} />
      </td>
      <td>
        <div className="column tight">
          {consent.state === "pending" && may("consent-rights") ? (
            consent.requestedBy === accountNo ? (
              <span>
                {w.settings.consentStates.pending} <Why>{w.settings.ownRequest}</Why>
              </span>
            ) : (
              <div className="line">
                <Button size="xs" loading={decide.isPending && decide.variables === "grant"} onClick={() => decide.mutate("grant")}>
                  {w.settings.grant}
                </Button>
                <Button size="xs" variant="default" loading={decide.isPending && decide.variables === "refuse"} onClick={() => decide.mutate("refuse")}>
                  {w.settings.refuse}
                </Button>
              </div>
            )
          ) : (
            <span className="line">
              {consent.state === "granted" ? <Seal character="可" size={22} /> : null}
              <Mark tone={consent.state === "refused" ? "loss" : consent.state === "pending" ? "look" : "plain"}>
                {w.settings.consentStates[consent.state]}
              </Mark>
            </span>
          )}
          {decide.error === null ? null : <ProblemNotice error={decide.error} />}
          <Invitations decided={decide.data} accountNo={consent.accountNo} />
        </div>
      </td>
    </tr>
  );
}

/** Whom a request touches, as chips. */
function Affected({ label, accounts }: { label: string; accounts: readonly number[] }) {
  const { w } = useWords();
  if (accounts.length === 0) return null;
  return (
    <p className="line small">
      <span className="soft">{label}:</span>
      {accounts.slice(0, shownAtMost).map((no) => (
        <AccountChip key={no} no={no} />
      ))}
      {accounts.length > shownAtMost ? <span>{w.imports.more(accounts.length - shownAtMost)}</span> : null}
    </p>
  );
}

/** Links that come with a decision, shown once, for the officer to hand over. */
function Invitations({ decided, accountNo }: { decided: ReplyOf<typeof decideConsent> | undefined; accountNo: number | null }) {
  const { w } = useWords();
  const staff = useStaff();
  if (decided === undefined) return null;
  const links = [...(decided.invitationToken === null ? [] : [{ accountNo, invitationToken: decided.invitationToken }]), ...decided.otherInvitations];
  if (links.length === 0) return null;
  return (
    <div className="column tight">
      <p>{w.settings.handOver}</p>
      {links.map((one) => (
        <SecretLink
          key={one.invitationToken}
          label={`${one.accountNo === null ? "" : (textOf(staff.get(one.accountNo)) ?? w.settings.ofNumber(one.accountNo))} ${w.settings.inviteLink}`}
          text={invitationLink(one.invitationToken)}
        />
      ))}
    </div>
  );
}
