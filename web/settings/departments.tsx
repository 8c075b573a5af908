import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconPencil, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { changeDepartment, createDepartment } from "#shared/accounts.ts";
import { call } from "#web/call.ts";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useDepartments, type Department } from "#web/parts/use-directory.ts";
import { useMay } from "#web/parts/use-me.ts";
import { DepartmentChoice } from "#web/settings/people.tsx";
import styles from "#web/settings/settings.module.css";
import { useWords } from "#web/words/words.ts";

/** The department tree. */
export function Departments() {
  const { w } = useWords();
  const may = useMay();
  const departments = useDepartments();
  const [editing, setEditing] = useState<Department | "new" | null>(null);
  const mayManage = may("manage-accounts");
  return (
    <div className="column">
      {mayManage ? (
        <div className="line">
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing("new")}>
            {w.settings.addDepartment}
          </Button>
        </div>
      ) : null}
      <Branch parentNo={null} departments={departments} onEdit={mayManage ? setEditing : undefined} />
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === "new" ? w.settings.addDepartment : w.settings.rename}
        closeButtonProps={{ "aria-label": w.act.close }}
      >
        {editing === null ? null : <EditDepartment department={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
      </Modal>
    </div>
  );
}

function Branch({
  parentNo,
  departments,
  onEdit,
}: {
  parentNo: number | null;
  departments: readonly Department[];
  onEdit: ((department: Department) => void) | undefined;
}) {
  const { w } = useWords();
  const here = departments.filter((one) => one.parentNo === parentNo);
  if (here.length === 0) return null;
  return (
    <ul className={styles["tree"]}>
      {here.map((one) => (
        <li key={one.departmentNo}>
          <span className="line">
            {one.name}
            {one.isClosed ? <Mark>{w.settings.closed}</Mark> : null}
            {onEdit === undefined ? null : (
              <button type="button" className={styles["edit"]} aria-label={`${one.name} ${w.settings.rename}`} onClick={() => onEdit(one)}>
                <IconPencil size={14} aria-hidden />
              </button>
            )}
          </span>
          <Branch parentNo={one.departmentNo} departments={departments} onEdit={onEdit} />
        </li>
      ))}
    </ul>
  );
}

function EditDepartment({ department, onClose }: { department: Department | null; onClose: () => void }) {
  const { w } = useWords();
  const client = useQueryClient();
  const [name, setName] = useState(department?.name ?? "");
  const [parentNo, setParentNo] = useState(department?.parentNo ?? null);
  const save = useMutation({
    mutationFn: async (): Promise<{ kind?: string; departmentNo?: number }> =>
      department === null
        ? call(createDepartment, { body: { name: name.trim(), parentNo } })
        : call(changeDepartment, {
            params: { departmentNo: department.departmentNo },
            body: { ...(name.trim() === department.name ? {} : { name: name.trim() }), ...(parentNo === department.parentNo ? {} : { parentNo }) },
          }),
    onSuccess: (outcome) => {
      void client.invalidateQueries({ queryKey: ["departments"] });
      void client.invalidateQueries({ queryKey: ["consents"] });
      notifications.show({ message: outcome.kind === "awaits-consent" ? w.settings.awaits : w.settings.done });
      onClose();
    },
  });
  return (
    <form
      method="post"
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {save.error === null ? null : <ProblemNotice error={save.error} />}
      <TextInput
        label={w.settings.departmentName}
        required
        withAsterisk={false}
        maxLength={60}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <DepartmentChoice label={w.settings.parent} departmentNo={parentNo} onChange={setParentNo} />
      <Button type="submit" loading={save.isPending} disabled={name.trim() === ""}>
        {w.act.save}
      </Button>
    </form>
  );
}
