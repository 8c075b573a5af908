import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  disableAccount,
  enableAccount,
  listAccountSessions,
  resetFactor,
  revokeAccountSessions,
  setAccountDepartment,
  setAccountRoles,
} from "#shared/accounts.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { Confirm } from "#web/parts/confirm.tsx";
import { deviceName } from "#web/parts/device-name.ts";
import { HandOver } from "#web/customers/hand-over.tsx";
import { StateNotSeen } from "#web/ledger/state-not-seen.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { invitationLink, SecretLink } from "#web/parts/secret-link.tsx";
import { useAct } from "#web/parts/use-act.ts";
import { textOf, useDepartments, useStaff } from "#web/parts/use-directory.ts";
import { useMay, useMe } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { AccountState, DepartmentChoice, RoleChoice, useAccounts, useRoleNames, type Account } from "#web/settings/people.tsx";
import { useWords } from "#web/words/words.ts";

/** A member of staff in the side panel; for those who manage accounts, with what they may do there. */
export function AccountPreview({ accountNo }: { accountNo: number }) {
  const { w } = useWords();
  const { mayRead } = useMe();
  const may = useMay();
  const staff = useStaff();
  const { data, error } = useAccounts(mayRead.account);
  const departments = useDepartments();
  const roleNames = useRoleNames();
  if (error !== null) return <ProblemNotice error={error} />;
  const account = data?.accounts.find((one) => one.accountNo === accountNo);
  if (account === undefined) return <h2>{textOf(staff.get(accountNo)) ?? w.settings.ofNumber(accountNo)}</h2>;
  return (
    <div className="column">
      <div>
        <h2 className="line">
          {textOf(account.staffName) ?? w.settings.ofNumber(accountNo)} <AccountState state={account.state} />
        </h2>
        <p>
          <Value shown={account.staffMail} type="mail" />
        </p>
        <p className="soft">
          {departments.find((one) => one.departmentNo === account.departmentNo)?.name ?? w.settings.noDepartment} / {roleNames(account.roles)}
        </p>
      </div>
      <div className="line">
        <HandOver of={{ accountNo }} />
        {may("read-ledger") ? <StateNotSeen accountNo={accountNo} /> : null}
      </div>
      {may("manage-accounts") ? <Manage key={`${account.state}-${account.roles.join()}-${account.departmentNo}`} account={account} /> : null}
    </div>
  );
}

type Outcome = { readonly kind: string };

function Manage({ account }: { account: Account }) {
  const { w } = useWords();
  const client = useQueryClient();
  const params = { accountNo: account.accountNo };
  const [roles, setRoles] = useState<string[]>(account.roles);
  const [departmentNo, setDepartmentNo] = useState(account.departmentNo);
  const [isResetting, setIsResetting] = useState(false);
  const act = useAct(
    (work: () => Promise<Outcome>) => work(),
    ({ kind }) => (kind === "awaits-consent" ? w.settings.awaits : kind === "disabled" ? w.settings.disabledNote : w.settings.done),
    { changes: ["accounts", "consents", "account-sessions"] },
  );
  const reset = useMutation({
    mutationFn: () => call(resetFactor, { params }),
    onSuccess: (outcome) => {
      setIsResetting(false);
      for (const key of ["accounts", "consents"]) void client.invalidateQueries({ queryKey: [key] });
      if (outcome.kind === "awaits-consent") notifications.show({ message: w.settings.awaits });
    },
  });
  const isSameRoles = roles.length === account.roles.length && roles.every((role) => account.roles.includes(role));
  return (
    <div className="column">
      <hr className="hairline" />
      <RoleChoice chosen={roles} onChange={setRoles} />
      <div>
        <Button size="xs" disabled={isSameRoles} loading={act.isPending} onClick={() => act.mutate(() => call(setAccountRoles, { params, body: { roles } }))}>
          {w.settings.changeRoles}
        </Button>
      </div>
      <DepartmentChoice departmentNo={departmentNo} onChange={setDepartmentNo} />
      <div>
        <Button
          size="xs"
          disabled={departmentNo === account.departmentNo}
          loading={act.isPending}
          onClick={() => act.mutate(() => call(setAccountDepartment, { params, body: { departmentNo } }))}
        >
          {w.settings.changeDepartment}
        </Button>
      </div>
      <hr className="hairline" />
      <Sessions accountNo={account.accountNo} />
      <hr className="hairline" />
      {reset.error === null ? null : <ProblemNotice error={reset.error} />}
      {reset.data?.kind === "done" ? <SecretLink label={w.settings.inviteLink} text={invitationLink(reset.data.invitationToken)} /> : null}
      <div className="line">
        <Button variant="default" size="xs" onClick={() => setIsResetting(true)}>
          {w.settings.resetFactor}
        </Button>
        {account.state === "disabled" ? (
          <Button variant="default" size="xs" onClick={() => act.mutate(() => call(enableAccount, { params }))}>
            {w.settings.enable}
          </Button>
        ) : (
          <Button variant="outline" color="red" size="xs" onClick={() => act.mutate(() => call(disableAccount, { params }))}>
            {w.settings.disable}
          </Button>
        )}
      </div>
      <Confirm
        isOpen={isResetting}
        title={w.settings.resetTitle}
        lead={w.settings.resetLead}
        action={w.settings.resetFactor}
        isLoss
        isBusy={reset.isPending}
        onConfirm={() => reset.mutate()}
        onClose={() => setIsResetting(false)}
      />
    </div>
  );
}

function Sessions({ accountNo }: { accountNo: number }) {
  const { w } = useWords();
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: ["account-sessions", accountNo], queryFn: () => call(listAccountSessions, { params: { accountNo } }) });
  const end = useMutation({
    mutationFn: () => call(revokeAccountSessions, { params: { accountNo } }),
    onSuccess: ({ revoked }) => {
      void client.invalidateQueries({ queryKey: ["account-sessions", accountNo] });
      notifications.show({ message: w.settings.ended(revoked) });
    },
  });
  if (data === undefined) return null;
  return (
    <section className="column tight">
      <h3>{w.settings.sessions}</h3>
      {data.sessions.length === 0 ? (
        <p className="soft">{w.settings.noSessions}</p>
      ) : (
        <>
          {data.sessions.map((one) => (
            <p key={one.sessionId} className="small">
              <span title={one.device}>{deviceName(one.device)}</span> <span className="soft">{one.address}</span> <At iso={one.lastSeenAt} form="short" />
            </p>
          ))}
          <div>
            <Button variant="default" size="xs" loading={end.isPending} onClick={() => end.mutate()}>
              {w.settings.endAll}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
