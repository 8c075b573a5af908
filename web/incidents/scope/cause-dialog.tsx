import { Button, Modal, NativeSelect, Radio, TextInput } from "@mantine/core";
import { useState } from "react";
import { keyPlaces, type CauseValues, type KeyPlace, type ScopeCause } from "#shared/incident-scope.ts";
import { MomentField, momentOf, momentText } from "#web/incidents/moment-field.tsx";
import { SignInChoices } from "#web/incidents/scope/sign-in-choices.tsx";
import { useCauseKinds } from "#web/incidents/scope/use-scope.ts";
import { AddSelect } from "#web/parts/add-select.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { textOf, useDepartments, useRoles, useStaff } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

const numbered: ReadonlySet<CauseValues> = new Set(["accounts", "departments", "imports", "lists", "people"]);
const chosen: ReadonlySet<CauseValues> = new Set(["accounts", "departments", "roles"]);

/** One cause: its kind, what it was, and when. */
export function CauseDialog({ cause, onDone, onClose }: { cause?: ScopeCause; onDone: (cause: ScopeCause) => void; onClose: () => void }) {
  const { w, label } = useWords();
  const words = w.incidentScope;
  const kinds = useCauseKinds();
  const [kind, setKind] = useState(cause?.kind ?? "account");
  const [text, setText] = useState(cause?.values.join(", ") ?? "");
  const [keys, setKeys] = useState<KeyPlace>(cause?.keys ?? "unknown");
  const [from, setFrom] = useState(cause?.from === undefined ? "" : momentText(new Date(cause.from)));
  const [to, setTo] = useState(cause?.to === undefined ? "" : momentText(new Date(cause.to)));
  const [isTried, setIsTried] = useState(false);
  const known = kinds.find((one) => one.kind === kind);
  const takes = known?.takes ?? "none";
  const values = takes === "none" ? [] : readValues(text, takes);
  const [begin, end] = [momentOf(from), momentOf(to)];
  const isOrdered = begin === undefined || end === undefined || begin < end;
  const isWhole = takes === "none" || (values !== undefined && values.length > 0);
  const submit = () => {
    setIsTried(true);
    if (!isWhole || !isOrdered || values === undefined) return;
    onDone({
      kind,
      values: [...values],
      ...(known?.asksForKeys === true ? { keys } : {}),
      ...(begin === undefined ? {} : { from: begin }),
      ...(end === undefined ? {} : { to: end }),
    });
  };
  return (
    <Modal opened onClose={onClose} title={cause === undefined ? words.addCause : words.changeCause} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <NativeSelect
          label={words.kind}
          data-autofocus
          value={kind}
          data={kinds.map((one) => ({ value: one.kind, label: label(one) }))}
          onChange={(event) => {
            setKind(event.currentTarget.value);
            setText("");
          }}
        />
        {takes === "none" ? null : chosen.has(takes) ? (
          <Choices takes={takes} value={text} onChange={setText} error={isTried && !isWhole ? w.incidentScope.takes[takes] : undefined} />
        ) : takes === "sessions" || takes === "devices" ? (
          <SignInChoices takes={takes} value={text} onChange={setText} error={isTried && !isWhole ? words.noSignIn : undefined} />
        ) : (
          <TextInput
            label={words.takes[takes]}
            description={words.several}
            autoComplete="off"
            spellCheck={false}
            value={text}
            error={isTried && !isWhole ? words.notANumber : undefined}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        {known?.asksForKeys === true ? (
          <Radio.Group label={words.keysWhere} value={keys} onChange={(value) => setKeys(keyPlaces.find((one) => one === value) ?? "unknown")}>
            <div className="column tight" style={{ paddingTop: 4 }}>
              {keyPlaces.map((place) => (
                <Radio key={place} value={place} label={words.keys[place]} />
              ))}
            </div>
          </Radio.Group>
        ) : null}
        {takes === "people" ? null : (
          <>
            <MomentField label={words.from} help={words.fromHelp} value={from} onChange={setFrom} />
            <MomentField label={words.to} help={words.toHelp} value={to} onChange={setTo} />
            {isOrdered ? null : (
              <p role="alert" className="small">
                {words.wrongOrder}
              </p>
            )}
          </>
        )}
        <DialogActs onCancel={onClose} label={cause === undefined ? words.keep : words.change} />
      </form>
    </Modal>
  );
}

/** Undefined where a number is wanted and something else stands. */
function readValues(text: string, takes: CauseValues): readonly (number | string)[] | undefined {
  const parts = text
    .normalize("NFKC")
    .split(/[\s,、]+/u)
    .filter((part) => part !== "");
  if (!numbered.has(takes)) return parts;
  const numbers = parts.map(Number);
  return numbers.every((one) => Number.isInteger(one) && one > 0) ? numbers : undefined;
}

/** What has names is chosen by name: one after the other, each with a cross of its own. */
function Choices({ takes, value, onChange, error }: { takes: CauseValues; value: string; onChange: (text: string) => void; error: string | undefined }) {
  const { w, label } = useWords();
  const staff = useStaff();
  const roles = useRoles();
  const departments = useDepartments();
  const all =
    takes === "accounts"
      ? [...staff].map(([no, name]) => ({ value: String(no), label: textOf(name) ?? w.settings.ofNumber(no) }))
      : takes === "roles"
        ? roles.map((role) => ({ value: role.key, label: label(role) }))
        : departments.map((one) => ({ value: String(one.departmentNo), label: one.name }));
  const picked = value.split(", ").filter((one) => one !== "");
  return (
    <div className="column tight">
      <AddSelect
        label={w.incidentScope.takes[takes]}
        error={error === undefined ? undefined : w.incidentScope.noCauses}
        data={[{ value: "", label: "" }, ...all.filter((one) => !picked.includes(one.value))]}
        onAdd={(next) => onChange([...picked, next].join(", "))}
      />
      <div className="line">
        {picked.map((one) => (
          <Button
            key={one}
            variant="default"
            size="xs"
            aria-label={w.incidentScope.removeCause(all.find((choice) => choice.value === one)?.label ?? one)}
            onClick={() => onChange(picked.filter((other) => other !== one).join(", "))}
          >
            {all.find((choice) => choice.value === one)?.label ?? one} ×
          </Button>
        ))}
      </div>
    </div>
  );
}
