import { TextInput } from "@mantine/core";

const tokyoMs = 9 * 3_600_000;

/** A moment as a `datetime-local` field takes it, in Japan's time. */
export function momentText(at: Date): string {
  return new Date(at.getTime() + tokyoMs).toISOString().slice(0, 16);
}

/** The moment of a `datetime-local` field as ISO 8601 UTC; undefined while it is not whole. */
export function momentOf(text: string): string | undefined {
  const at = new Date(`${text}:00+09:00`);
  return text === "" || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** A moment to the minute, in Japan's time. */
export function MomentField({
  label,
  help,
  value,
  onChange,
  latest,
  isRequired = false,
}: {
  label: string;
  help?: string;
  value: string;
  onChange: (text: string) => void;
  latest?: string;
  isRequired?: boolean;
}) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={help}
      value={value}
      required={isRequired}
      withAsterisk={false}
      {...(latest === undefined ? {} : { max: latest })}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
