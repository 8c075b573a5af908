import "@mantine/dates/styles.css";
import "dayjs/locale/ja.js";
import { DateInput, DatesProvider } from "@mantine/dates";
import { useRef } from "react";
import { formatEra } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";
import { readDate } from "#shared/read-date.ts";

/** A day as `2026-11-21`, picked from a calendar or typed in any usual form, the Japanese eras too. The era stands in its hint. */
export function DayField({
  label,
  value,
  onChange,
  isLabelled = false,
  isRequired = false,
  isFormSize = false,
  latest,
  id,
}: {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
  /** Whether the label stands above; else it is for who cannot see the place. */
  isLabelled?: boolean;
  /** A day stands in it always: it cannot be emptied. */
  isRequired?: boolean;
  /** As large as the other fields of a form, not of a line of tools. */
  isFormSize?: boolean;
  /** No day after this one. */
  latest?: string;
  id?: string;
}) {
  const { w, language } = useWords();
  const isOpen = useRef(false);
  const day = value === undefined ? undefined : new Date(`${value}T00:00:00+09:00`);
  return (
    <DatesProvider settings={{ locale: language, firstDayOfWeek: 0, consistentWeeks: true }}>
      <DateInput
        {...(isFormSize ? {} : { size: "xs", w: 150 })}
        {...(id === undefined ? {} : { id })}
        {...(latest === undefined ? {} : { maxDate: latest })}
        required={isRequired}
        withAsterisk={false}
        {...(isLabelled ? { label } : { "aria-label": label })}
        placeholder={label}
        title={day === undefined ? "" : `${w.list.era}: ${formatEra(day)}`}
        value={value ?? null}
        valueFormat={language === "ja" ? "YYYY年M月D日" : "D MMM YYYY"}
        monthLabelFormat={language === "ja" ? "YYYY年M月" : "MMMM YYYY"}
        yearLabelFormat={language === "ja" ? "YYYY年" : "YYYY"}
        decadeLabelFormat={language === "ja" ? "YYYY年" : "YYYY"}
        dateParser={(typed) => readDate(typed) ?? null}
        clearable={!isRequired}
        clearButtonProps={{ "aria-label": `${label} ${w.act.clear}` }}
        popoverProps={{
          onOpen: () => {
            isOpen.current = true;
          },
          onClose: () => {
            isOpen.current = false;
          },
        }}
        // The first Escape closes the calendar and nothing around it.
        onKeyDown={(event) => {
          if (event.key === "Escape" && isOpen.current) event.stopPropagation();
        }}
        onChange={(next) => onChange(next ?? undefined)}
      />
    </DatesProvider>
  );
}
