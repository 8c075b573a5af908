import { useRoles } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

/** The name of a role in the screen's language; its key where there is no such role any more. */
export function useRoleName(): (key: string) => string {
  const { label } = useWords();
  const roles = useRoles();
  return (key) => {
    const role = roles.find((one) => one.key === key);
    return role === undefined ? key : label(role);
  };
}
