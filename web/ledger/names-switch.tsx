import { Checkbox } from "@mantine/core";
import { useWords } from "#web/words/words.ts";

/** Numbers suffice for most questions: names are asked for, and count as seen. */
export function NamesSwitch({ isOn, onChange }: { isOn: boolean; onChange: (isOn: boolean) => void }) {
  const { w } = useWords();
  return (
    <Checkbox
      size="xs"
      label={w.records.names}
      title={w.records.namesHelp}
      aria-description={w.records.namesHelp}
      checked={isOn}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
