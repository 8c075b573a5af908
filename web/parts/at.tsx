import { memo } from "react";
import { formatEra, formatTime } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

/** A moment, in Japan's time; the era stands in its title. */
export const At = memo(function At({ iso, form = "full" }: { iso: string; form?: "full" | "short" | "date" | "time" }) {
  const { dateTime, short, date } = useWords();
  const text = form === "short" ? short(iso) : form === "date" ? date(iso) : form === "time" ? formatTime(new Date(iso)) : dateTime(iso);
  return (
    <time
      dateTime={iso}
      onMouseEnter={(event) => {
        // Only where somebody points: spelling it out costs more than the rest of a row.
        event.currentTarget.title = `${dateTime(iso)} ${formatEra(new Date(iso))}`;
      }}
    >
      {text}
    </time>
  );
});
