import { Checkbox, Group, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FieldChoice, FieldType } from "#shared/fields.ts";
import { choiceMark, choicesIn, no, readValue, yes } from "#shared/read-value.ts";
import { formatEra } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

const genders = ["男性", "女性", "その他"];
const modes: Readonly<Partial<Record<FieldType, "tel" | "email" | "numeric" | "decimal" | "url">>> = {
  phone: "tel",
  mail: "email",
  postal: "numeric",
  number: "decimal",
  url: "url",
};

/** One field of a form, by the type of what is typed. Never remembered by the browser. */
export function FormField({
  label,
  type,
  value,
  onChange,
  hint,
  error,
  choices,
  isOwn = false,
  isRequired = false,
}: {
  label: string;
  type: FieldType;
  value: string;
  onChange: (value: string) => void;
  hint?: string | undefined;
  error?: string | undefined;
  /** The answers of a choice that the organisation defined. */
  choices?: readonly FieldChoice[];
  /** Read at once as the house will read it; what it cannot read is said when the field is left. */
  isOwn?: boolean;
  isRequired?: boolean;
}) {
  const { w, label: labelOf } = useWords();
  const [isLeft, setIsLeft] = useState(false);
  const read = isOwn || type === "date" ? readValue({ type, choices: choices ?? [] }, value) : undefined;
  const wrong = error ?? (isOwn && isLeft && read !== undefined && "problem" in read ? w.fields.problems[read.problem] : undefined);
  const shared = {
    label,
    value,
    error: wrong,
    withAsterisk: isRequired,
    "aria-required": isRequired,
    autoComplete: "off",
    spellCheck: false,
    onBlur: () => setIsLeft(true),
  } as const;
  const offered = (choices ?? []).filter((one) => !one.isRetired || choicesIn(value).includes(one.key));
  if (type === "multi") {
    const chosen = new Set(choicesIn(value));
    const keys = [...chosen];
    return (
      <Checkbox.Group
        label={label}
        withAsterisk={isRequired}
        error={wrong}
        description={hint}
        value={keys}
        onChange={(next) => onChange(offered.flatMap((one) => (next.includes(one.key) ? [one.key] : [])).join(choiceMark))}
      >
        <Group gap="6px 16px" py={6}>
          {offered.map((one) => (
            <Checkbox key={one.key} value={one.key} label={labelOf(one)} size="sm" />
          ))}
        </Group>
      </Checkbox.Group>
    );
  }
  if (type === "choice" || type === "flag") {
    const own =
      type === "flag"
        ? [
            { value: yes, label: w.fields.yes },
            { value: no, label: w.fields.no },
          ]
        : isOwn
          ? offered.map((one) => ({ value: one.key, label: labelOf(one) }))
          : genders.map((one) => ({ value: one, label: one }));
    const known = value === "" || own.some((one) => one.value === value) ? own : [{ value, label: value }, ...own];
    return <NativeSelect {...shared} data={[{ value: "", label: hint ?? "" }, ...known]} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  if (type === "notes") {
    return (
      <Textarea {...shared} autosize={false} rows={3} maxLength={4000} placeholder={hint ?? ""} onChange={(event) => onChange(event.currentTarget.value)} />
    );
  }
  const mode = modes[type];
  return (
    <TextInput
      {...shared}
      {...(mode === undefined ? {} : { inputMode: mode })}
      {...(type === "date" ? { title: eraOf(read) ?? "" } : {})}
      maxLength={type === "url" ? 2000 : type === "address" ? 400 : 254}
      placeholder={hint ?? (type === "date" ? w.fields.dateHint : "")}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(type === "date" && isLeft && read !== undefined && "value" in read && read.value !== "" && read.value !== value
        ? { rightSection: <span className="small soft">{w.fields.readAs(read.value)}</span>, rightSectionWidth: 104 }
        : {})}
    />
  );
}

function eraOf(read: ReturnType<typeof readValue> | undefined): string | undefined {
  return read === undefined || "problem" in read || read.value === "" ? undefined : formatEra(new Date(`${read.value}T00:00:00+09:00`));
}
