import { Button, Modal, TextInput } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { RoleDefinition } from "#shared/rights.ts";
import { Mark } from "#web/parts/mark.tsx";
import { useRoles } from "#web/parts/use-directory.ts";
import { useMay } from "#web/parts/use-me.ts";
import { RoleMatrix } from "#web/settings/role-matrix.tsx";
import styles from "#web/settings/settings.module.css";
import { useWords } from "#web/words/words.ts";

/** 権限: each role as a matrix; every change shows its effect in people before it is made. */
export function Roles() {
  const { w, label } = useWords();
  const may = useMay();
  const roles = useRoles();
  const navigate = useNavigate();
  const { role: wanted }: { role?: string } = useSearch({ strict: false });
  const [drafted, setDrafted] = useState<RoleDefinition | null>(null);
  const [isNaming, setIsNaming] = useState(false);
  const all: readonly (RoleDefinition & { isShipped: boolean })[] =
    drafted === null || roles.some((one) => one.key === drafted.key) ? roles : [...roles, { ...drafted, isShipped: false }];
  const role = all.find((one) => one.key === wanted) ?? all[0];
  return (
    <div className="column">
      <div className="line apart">
        <p className="soft">{may("manage-roles") ? w.settings.roleLead : w.settings.readOnlyRoles}</p>
        {may("manage-roles") ? (
          <Button variant="default" onClick={() => setIsNaming(true)}>
            {w.settings.newRole}
          </Button>
        ) : null}
      </div>
      <div className={styles["roles"]}>
        <nav aria-label={w.settings.roles}>
          <ul className={styles["list"]}>
            {all.map((one) => (
              <li key={one.key}>
                <Link
                  to="/settings/$section"
                  params={{ section: "roles" }}
                  search={{ role: one.key }}
                  {...(one.key === role?.key ? { "aria-current": "page" as const } : {})}
                >
                  {label(one)} {one.isShipped ? null : <Mark>{one.key}</Mark>}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        {role === undefined ? null : <RoleMatrix key={role.key} role={role} mayChange={may("manage-roles")} />}
      </div>
      <Modal opened={isNaming} onClose={() => setIsNaming(false)} title={w.settings.newRole} closeButtonProps={{ "aria-label": w.act.close }}>
        <NameRole
          taken={roles.map((one) => one.key)}
          onNamed={(named) => {
            setDrafted(named);
            setIsNaming(false);
            void navigate({ to: "/settings/$section", params: { section: "roles" }, search: { role: named.key } });
          }}
        />
      </Modal>
    </div>
  );
}

function NameRole({ taken, onNamed }: { taken: readonly string[]; onNamed: (role: RoleDefinition) => void }) {
  const { w } = useWords();
  const [key, setKey] = useState("");
  const [labelJa, setLabelJa] = useState("");
  const [labelEn, setLabelEn] = useState("");
  const isFit = /^[a-z][a-z0-9-]{1,39}$/.test(key) && !taken.includes(key) && labelJa.trim() !== "" && labelEn.trim() !== "";
  return (
    <form
      method="post"
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        onNamed({ key, labelJa: labelJa.trim(), labelEn: labelEn.trim(), grants: [], verbs: [], purposes: [] });
      }}
    >
      <TextInput label={w.settings.roleKey} maxLength={40} data-autofocus value={key} onChange={(event) => setKey(event.currentTarget.value)} />
      <TextInput label={w.settings.labelJa} maxLength={40} value={labelJa} onChange={(event) => setLabelJa(event.currentTarget.value)} />
      <TextInput label={w.settings.labelEn} maxLength={60} value={labelEn} onChange={(event) => setLabelEn(event.currentTarget.value)} />
      <Button type="submit" disabled={!isFit}>
        {w.act.next}
      </Button>
    </form>
  );
}
