import { PasswordInput } from "@mantine/core";
import { IconCheck, IconCircle, IconServer } from "@tabler/icons-react";
import { checkPassword } from "#web/session/password-rules.ts";
import styles from "#web/session/new-password.module.css";
import { useWords } from "#web/words/words.ts";

/** A new password with its rules, each saying by itself whether it holds. */
export function NewPassword({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { w } = useWords();
  const rules = checkPassword(value);
  return (
    <div className="column tight">
      <PasswordInput
        name="new-password"
        label={label}
        autoComplete="new-password"
        required
        withAsterisk={false}
        maxLength={256}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": w.session.showPassword }}
      />
      <ul className={styles["rules"]} aria-live="polite">
        <Rule holds={rules.isLong}>{w.enrol.ruleLength}</Rule>
        <Rule holds={rules.isVaried}>{w.enrol.ruleVaried}</Rule>
        <li>
          <IconServer size={14} aria-hidden /> <span>{w.enrol.ruleOther}</span>
        </li>
      </ul>
      <p className="small soft">{w.enrol.ruleFree}</p>
    </div>
  );
}

function Rule({ holds, children }: { holds: boolean; children: string }) {
  return (
    <li data-holds={holds || undefined}>
      {holds ? <IconCheck size={14} aria-label="OK" /> : <IconCircle size={14} aria-hidden />} <span>{children}</span>
    </li>
  );
}
