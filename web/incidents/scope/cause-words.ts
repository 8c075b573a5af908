import type { ScopeCause } from "#shared/incident-scope.ts";
import { textOf, useDepartments, useRoles, useStaff } from "#web/parts/use-directory.ts";
import { useCauseKinds } from "#web/incidents/scope/use-scope.ts";
import { useWords } from "#web/words/words.ts";

const mostNamed = 3;
/** Enough to tell one from another. */
const mostSigns = 8;

/** Says a cause in words: 「利用者 山田 太郎、11月3日 9:00〜」. */
export function useCauseWords(): (cause: ScopeCause) => string {
  const { w, label, list, short } = useWords();
  const words = w.incidentScope;
  const kinds = useCauseKinds();
  const staff = useStaff();
  const roles = useRoles();
  const departments = useDepartments();
  return ({ kind, values, keys, from, to }) => {
    const known = kinds.find((one) => one.kind === kind);
    const nameOf = (value: number | string): string => {
      if (known?.takes === "accounts") return textOf(staff.get(Number(value))) ?? w.settings.ofNumber(Number(value));
      if (known?.takes === "departments") return departments.find((one) => one.departmentNo === value)?.name ?? String(value);
      if (known?.takes === "sessions" || known?.takes === "devices") return `${String(value).slice(0, mostSigns)}…`;
      const role = known?.takes === "roles" ? roles.find((one) => one.key === value) : undefined;
      return role === undefined ? String(value) : label(role);
    };
    const isPeople = known?.takes === "people";
    const named = isPeople ? words.people(values.length) : list([...values.slice(0, mostNamed).map(nameOf), ...(values.length > mostNamed ? ["…"] : [])]);
    const time =
      from !== undefined && to !== undefined
        ? words.between(short(from), short(to))
        : from !== undefined
          ? words.since(short(from))
          : to !== undefined
            ? words.until(short(to))
            : isPeople
              ? ""
              : words.always;
    const where = known?.asksForKeys === true ? words.keysShort[keys ?? "unknown"] : "";
    return [known === undefined ? kind : label(known), named, where, time].filter((part) => part !== "").join(" ");
  };
}
