import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";

/** A number that filters once Enter is pressed or the field is left. */
export function NumberField({ label, value, onChange }: { label: string; value: number | undefined; onChange: (value: number | undefined) => void }) {
  const [text, setText] = useState("");
  useEffect(() => setText(value === undefined ? "" : String(value)), [value]);
  const settle = () => {
    const digits = text.normalize("NFKC").replaceAll(/\D/g, "");
    const next = digits === "" ? undefined : Number(digits);
    if (next !== value) onChange(next);
  };
  return (
    <TextInput
      size="xs"
      w={144}
      inputMode="numeric"
      aria-label={label}
      placeholder={label}
      maxLength={10}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === "Enter" && !event.nativeEvent.isComposing && settle()}
    />
  );
}
