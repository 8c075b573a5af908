import { Button, Checkbox, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { inviteAccount, listAccounts } from "#shared/accounts.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { DataTable, type Column } from "#web/parts/data-table.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { invitationLink, SecretLink } from "#web/parts/secret-link.tsx";
import { useDepartments, useRoles } from "#web/parts/use-directory.ts";
import { useMay } from "#web/parts/use-me.ts";
import { usePeek } from "#web/parts/use-peek.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

export type Account = ReplyOf<typeof listAccounts>["accounts"][number];

export function useAccounts(isOn = true) {
  return useQuery({ queryKey: ["accounts"], queryFn: () => call(listAccounts), enabled: isOn });
}

export function useRoleNames(): (keys: readonly string[]) => string {
  const { label } = useWords();
  const roles = useRoles();
  return (keys) =>
    keys
      .map((key) => {
        const role = roles.find((one) => one.key === key);
        return role === undefined ? key : label(role);
      })
      .join("・");
}

export function AccountState({ state }: { state: Account["state"] }) {
  const { w } = useWords();
  return <Mark tone={state === "disabled" ? "loss" : state === "invited" ? "look" : "plain"}>{w.settings.states[state]}</Mark>;
}

export function People() {
  const { w } = useWords();
  const may = useMay();
  const { peek, show } = usePeek();
  const { data, error } = useAccounts();
  const departments = useDepartments();
  const roleNames = useRoleNames();
  const [isInviting, setIsInviting] = useState(false);
  const accounts = data?.accounts ?? [];
  const columns: readonly Column<Account>[] = [
    {
      key: "name",
      label: w.settings.name,
      width: "minmax(128px, 1fr)",
      render: (one) => (
        <strong>
          <Value shown={one.staffName} isBare />
        </strong>
      ),
    },
    { key: "mail", label: w.settings.mail, width: "minmax(180px, 1.6fr)", render: (one) => <Value shown={one.staffMail} isBare /> },
    {
      key: "department",
      label: w.settings.department,
      width: "minmax(120px, 1fr)",
      render: (one) => <span>{departments.find((other) => other.departmentNo === one.departmentNo)?.name ?? "–"}</span>,
    },
    { key: "roles", label: w.settings.rolesOf, width: "minmax(140px, 1.4fr)", render: (one) => <span>{roleNames(one.roles)}</span> },
    { key: "state", label: w.settings.state, width: "88px", render: (one) => <AccountState state={one.state} /> },
    {
      key: "factor",
      label: w.settings.factor,
      width: "112px",
      render: (one) => (one.hasSecondFactor ? w.settings.hasFactor : <span className="soft">{w.settings.noFactor}</span>),
    },
    { key: "seen", label: w.settings.lastSeen, width: "112px", render: (one) => (one.lastSeenAt === null ? "–" : <At iso={one.lastSeenAt} form="short" />) },
  ];
  return (
    <div className="column">
      <div className="line apart">
        <span className="number">{data === undefined ? "" : w.settings.peopleCount(accounts.length)}</span>
        {may("manage-accounts") ? (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setIsInviting(true)}>
            {w.settings.invite}
          </Button>
        ) : null}
      </div>
      {error === null ? null : <ProblemNotice error={error} />}
      {accounts.length === 0 ? null : (
        <DataTable
          label={w.settings.people}
          columns={columns}
          total={accounts.length}
          rowAt={(index) => accounts[index]}
          keyOf={(one) => one.accountNo}
          selected={peek?.kind === "account" ? peek.no : undefined}
          onOpen={(one) => show({ kind: "account", no: one.accountNo })}
          renderPhone={(one) => (
            <>
              <span>
                <strong>
                  <Value shown={one.staffName} isBare />
                </strong>{" "}
                {one.state === "active" ? null : <AccountState state={one.state} />}
              </span>
              <span className="small soft">
                {departments.find((other) => other.departmentNo === one.departmentNo)?.name ?? "–"} {roleNames(one.roles)}
              </span>
            </>
          )}
        />
      )}
      <Modal opened={isInviting} onClose={() => setIsInviting(false)} title={w.settings.inviteTitle} closeButtonProps={{ "aria-label": w.act.close }}>
        <Invite onClose={() => setIsInviting(false)} />
      </Modal>
    </div>
  );
}

export function RoleChoice({ chosen, onChange }: { chosen: readonly string[]; onChange: (roles: string[]) => void }) {
  const { w, label } = useWords();
  const roles = useRoles();
  return (
    <Checkbox.Group label={w.settings.rolesOf} value={[...chosen]} onChange={onChange}>
      <div className="column tight">
        {roles.map((role) => (
          <Checkbox key={role.key} value={role.key} label={label(role)} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

export function DepartmentChoice({
  departmentNo,
  onChange,
  label,
}: {
  departmentNo: number | null;
  onChange: (departmentNo: number | null) => void;
  label?: string;
}) {
  const { w } = useWords();
  const departments = useDepartments().filter((one) => !one.isClosed);
  return (
    <NativeSelect
      label={label ?? w.settings.department}
      value={departmentNo === null ? "" : String(departmentNo)}
      data={[{ value: "", label: w.settings.noDepartment }, ...departments.map((one) => ({ value: String(one.departmentNo), label: one.name }))]}
      onChange={(event) => onChange(event.currentTarget.value === "" ? null : Number(event.currentTarget.value))}
    />
  );
}

function Invite({ onClose }: { onClose: () => void }) {
  const { w } = useWords();
  const client = useQueryClient();
  const roleNames = useRoleNames();
  const [name, setName] = useState("");
  const [mail, setMail] = useState("");
  const [departmentNo, setDepartmentNo] = useState<number | null>(null);
  const [roles, setRoles] = useState<string[]>([]);
  const invite = useMutation({
    mutationFn: () => call(inviteAccount, { body: { name: name.trim(), mail: mail.trim(), departmentNo, roles } }),
    onSuccess: () => {
      for (const key of ["accounts", "staff", "consents"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  if (invite.data !== undefined) {
    return (
      <div className="column">
        {invite.data.invitationToken === null ? (
          <p>{w.settings.inviteAwaits}</p>
        ) : (
          <>
            <p>{w.settings.inviteLinkLead}</p>
            <SecretLink label={w.settings.inviteLink} text={invitationLink(invite.data.invitationToken)} />
          </>
        )}
        {invite.data.awaitsConsentFor.length === 0 ? null : <p>{w.settings.awaitsFor(roleNames(invite.data.awaitsConsentFor))}</p>}
        <Button variant="default" onClick={onClose}>
          {w.act.close}
        </Button>
      </div>
    );
  }
  return (
    <form
      method="post"
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        invite.mutate();
      }}
    >
      {invite.error === null ? null : <ProblemNotice error={invite.error} />}
      <TextInput
        label={w.settings.name}
        required
        withAsterisk={false}
        maxLength={80}
        autoComplete="off"
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        type="email"
        label={w.settings.mail}
        required
        withAsterisk={false}
        maxLength={254}
        autoComplete="off"
        value={mail}
        onChange={(event) => setMail(event.currentTarget.value)}
      />
      <DepartmentChoice departmentNo={departmentNo} onChange={setDepartmentNo} />
      <RoleChoice chosen={roles} onChange={setRoles} />
      <Button type="submit" loading={invite.isPending}>
        {w.settings.inviteSend}
      </Button>
    </form>
  );
}
