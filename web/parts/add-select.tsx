import { NativeSelect, type NativeSelectProps } from "@mantine/core";
import { useRef, useState } from "react";

/**
 * A closed list out of which one after the other is added. Chosen by a pointer it is added at once. The arrow keys pass over every
 * item on the way: there it is added by Enter, or by going on.
 */
export function AddSelect({ data, onAdd, ...given }: Omit<NativeSelectProps, "value" | "onChange"> & { onAdd: (value: string) => void }) {
  const [passing, setPassing] = useState("");
  const isByKeys = useRef(false);
  const add = (value: string) => {
    setPassing("");
    if (value !== "") onAdd(value);
  };
  return (
    <NativeSelect
      {...given}
      {...(data === undefined ? {} : { data })}
      value={passing}
      onPointerDown={() => void (isByKeys.current = false)}
      onKeyDown={(event) => {
        isByKeys.current = true;
        if (event.key !== "Enter" || passing === "") return;
        event.preventDefault();
        add(passing);
      }}
      onChange={(event) => (isByKeys.current ? setPassing(event.currentTarget.value) : add(event.currentTarget.value))}
      onBlur={() => add(passing)}
    />
  );
}
