import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { Fragment, useState } from "react";
import { defineRole, previewRole } from "#shared/accounts.ts";
import {
  fieldClasses,
  kinds,
  levels,
  purposes,
  scopes,
  verbs,
  type FieldClass,
  type Kind,
  type Level,
  type RoleDefinition,
  type Scope,
} from "#shared/rights.ts";
import { call } from "#web/call.ts";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { grantOf, putLevel } from "#web/settings/put-level.ts";
import styles from "#web/settings/settings.module.css";
import { useWords } from "#web/words/words.ts";

function plain({ key, labelJa, labelEn, grants, verbs: mayDo, purposes: forWhat }: RoleDefinition): RoleDefinition {
  return { key, labelJa, labelEn, grants, verbs: mayDo, purposes: forWhat };
}

/** One role: kind × scope × class, what it may do and for which purposes. */
export function RoleMatrix({ role: stored, mayChange, as: Heading = "h2" }: { role: RoleDefinition; mayChange: boolean; as?: "h2" | "h3" }) {
  const { w, label } = useWords();
  const [role, setRole] = useState(() => plain(stored));
  const isChanged = JSON.stringify(role) !== JSON.stringify(plain(stored));
  const toggle = <T extends string>(held: readonly T[], one: T) => (held.includes(one) ? held.filter((other) => other !== one) : [...held, one]);
  return (
    <div className="column">
      <Heading>{label(stored)}</Heading>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={label(stored)}>
        <table className={styles["matrix"]}>
          <thead>
            <tr>
              <th scope="col">
                <span className="soft">{w.settings.roles}</span>
              </th>
              {fieldClasses.map((one) => (
                <th key={one} scope="col" title={w.classHelp[one]}>
                  {w.classes[one]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind) => (
              <Fragment key={kind}>
                <tr>
                  <th scope="rowgroup" colSpan={5} className={styles["kind"]}>
                    {w.settings.kinds[kind]}
                  </th>
                </tr>
                {scopes.map((scope) => (
                  <tr key={scope}>
                    <th scope="row">{w.settings.scopes[scope]}</th>
                    {fieldClasses.map((fieldClass) => (
                      <td key={fieldClass}>
                        <MatrixCell role={role} kind={kind} scope={scope} fieldClass={fieldClass} onChange={mayChange ? setRole : undefined} />
                      </td>
                    ))}
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      <section className="column tight">
        <h3>{w.settings.verbsTitle}</h3>
        {mayChange ? (
          <div className={styles["checks"]}>
            {verbs.map((verb) => (
              <Checkbox
                key={verb}
                label={w.settings.verbs[verb]}
                checked={role.verbs.includes(verb)}
                onChange={() => setRole({ ...role, verbs: toggle(role.verbs, verb) })}
              />
            ))}
          </div>
        ) : (
          <p>{role.verbs.map((verb) => w.settings.verbs[verb]).join("・") || w.act.none}</p>
        )}
      </section>
      <section className="column tight">
        <h3>{w.settings.purposesTitle}</h3>
        {mayChange ? (
          <div className={styles["checks"]}>
            {purposes.map((purpose) => (
              <Checkbox
                key={purpose}
                label={w.purposes[purpose]}
                checked={role.purposes.includes(purpose)}
                onChange={() => setRole({ ...role, purposes: toggle(role.purposes, purpose) })}
              />
            ))}
          </div>
        ) : (
          <p>{role.purposes.map((purpose) => w.purposes[purpose]).join("・") || w.act.none}</p>
        )}
      </section>
      {mayChange && isChanged ? <Effect role={role} onReset={() => setRole(plain(stored))} /> : null}
    </div>
  );
}

function MatrixCell({
  role,
  kind,
  scope,
  fieldClass,
  onChange,
}: {
  role: RoleDefinition;
  kind: Kind;
  scope: Scope;
  fieldClass: FieldClass;
  onChange: ((role: RoleDefinition) => void) | undefined;
}) {
  const { w } = useWords();
  const grant = grantOf(role, kind, scope);
  const level: Level = grant?.levels[fieldClass] ?? "none";
  const isMasked = grant?.masked.includes(fieldClass) === true;
  const name = `${w.settings.kinds[kind]} ${w.settings.scopes[scope]} ${w.classes[fieldClass]}`;
  if (onChange === undefined) {
    return (
      <span className={level === "none" ? styles["none"] : undefined}>
        {level === "none" ? "–" : w.settings.levels[level]} {isMasked ? <Mark>{w.settings.masked}</Mark> : null}
      </span>
    );
  }
  return (
    <div className={styles["cell"]}>
      <NativeSelect
        size="xs"
        aria-label={name}
        value={level}
        data={levels.map((one) => ({ value: one, label: w.settings.levels[one] }))}
        onChange={(event) => onChange(putLevel(role, kind, scope, fieldClass, event.currentTarget.value as Level, isMasked))}
      />
      {level === "none" ? null : (
        <Checkbox
          size="xs"
          label={w.settings.masked}
          aria-label={`${name} ${w.settings.masked}`}
          checked={isMasked}
          onChange={(event) => onChange(putLevel(role, kind, scope, fieldClass, level, event.currentTarget.checked))}
        />
      )}
    </div>
  );
}

/** What the change would mean in people, before it is made. */
function Effect({ role, onReset }: { role: RoleDefinition; onReset: () => void }) {
  const { w } = useWords();
  const client = useQueryClient();
  const [settled] = useDebouncedValue(role, 400);
  const preview = useQuery({
    queryKey: ["role-preview", settled],
    queryFn: () => call(previewRole, { params: { key: settled.key }, body: settled }),
    staleTime: 30_000,
  });
  const save = useMutation({
    mutationFn: () => call(defineRole, { params: { key: role.key }, body: role }),
    onSuccess: (outcome) => {
      void client.invalidateQueries({ queryKey: ["roles"] });
      void client.invalidateQueries({ queryKey: ["consents"] });
      notifications.show({ message: outcome.kind === "awaits-consent" ? w.settings.awaits : w.settings.done });
      if (outcome.kind === "awaits-consent") onReset();
    },
  });
  const told = preview.data;
  return (
    <section className={`${styles["effect"]} column tight`} aria-label={w.settings.effect} role="status">
      <h3>{w.settings.effect}</h3>
      {preview.error === null ? null : <ProblemNotice error={preview.error} />}
      {told === undefined ? (
        <p className="soft">{w.act.loading}</p>
      ) : (
        <p className="line">
          <span>{w.settings.effectStaff(told.staff)}</span>
          <strong>{w.settings.effectCustomers(told.customersBefore, told.customersAfter)}</strong>
          {told.addsPersonal ? <Mark tone="look">{w.settings.effectPersonal}</Mark> : null}
        </p>
      )}
      {save.error === null ? null : <ProblemNotice error={save.error} />}
      <div className="line">
        <Button loading={save.isPending} disabled={told === undefined || settled !== role} onClick={() => save.mutate()}>
          {w.act.save}
        </Button>
        <Button variant="default" onClick={onReset}>
          {w.act.cancel}
        </Button>
      </div>
    </section>
  );
}
