import type { MeasureRow } from "#shared/measures.ts";
import { textOf, useDepartments, useRoles, useStaff } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

export type Meant = Pick<MeasureRow, "target" | "accountNo" | "roleKey" | "departmentNo">;

/** Whom a measure means, in words: 「役割 営業」. */
export function useMeantWords(): (meant: Meant) => string {
  const { w, label } = useWords();
  const staff = useStaff();
  const roles = useRoles();
  const departments = useDepartments();
  return ({ target, accountNo, roleKey, departmentNo }) => {
    if (accountNo !== null) return textOf(staff.get(accountNo)) ?? w.settings.ofNumber(accountNo);
    if (roleKey !== null) {
      const role = roles.find((one) => one.key === roleKey);
      return `${w.measures.role} ${role === undefined ? roleKey : label(role)}`;
    }
    if (departmentNo !== null) return departments.find((one) => one.departmentNo === departmentNo)?.name ?? w.settings.ofNumber(departmentNo);
    return w.measures.targets[target];
  };
}
