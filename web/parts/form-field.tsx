import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { FieldType } from "#shared/fields.ts";

const genders = ["男性", "女性", "その他"];
const modes: Readonly<Partial<Record<FieldType, "tel" | "email" | "numeric">>> = { phone: "tel", mail: "email", postal: "numeric" };

/** One field of a form, by the type of what is typed. Never remembered by the browser. */
export function FormField({
  label,
  type,
  value,
  onChange,
  hint,
  error,
}: {
  label: string;
  type: FieldType;
  value: string;
  onChange: (value: string) => void;
  hint?: string | undefined;
  error?: string | undefined;
}) {
  const shared = { label, value, error, autoComplete: "off", spellCheck: false } as const;
  if (type === "choice") {
    const known = value === "" || genders.includes(value) ? genders : [value, ...genders];
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
      maxLength={type === "address" ? 400 : 254}
      placeholder={hint ?? (type === "date" ? "1980-01-31" : "")}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
