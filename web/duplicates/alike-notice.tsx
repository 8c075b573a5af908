import { useQuery } from "@tanstack/react-query";
import { IconUsers } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { findAlike } from "#shared/duplicates.ts";
import { call } from "#web/call.ts";
import styles from "#web/duplicates/duplicates.module.css";
import { LikenessReasons } from "#web/duplicates/likeness-reasons.tsx";
import { CustomerChip } from "#web/parts/chip.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

const pauseMs = 600;
const asked = ["fullName", "kana", "mail", "phone", "mobile", "address", "companyName", "birthDate", "memberNumber"];

/** Customers like the one that is being typed, looked for whenever the typing rests. What was typed is kept nowhere. */
export function AlikeNotice({ values }: { values: Readonly<Record<string, string>> }) {
  const { w } = useWords();
  const telling = Object.fromEntries(Object.entries(values).filter(([key]) => asked.includes(key)));
  const resting = useResting(JSON.stringify(telling));
  const { data } = useQuery({
    queryKey: ["duplicates", "alike", resting],
    queryFn: ({ signal }) => call(findAlike, { body: { values: JSON.parse(resting) as Record<string, string> }, signal }),
    // One value alone is nobody.
    enabled: Object.keys(JSON.parse(resting) as object).length >= 2,
    gcTime: 0,
    placeholderData: (former) => former,
  });
  const alike = Object.keys(telling).length < 2 ? [] : (data?.alike ?? []);
  return (
    <div role="status" className={styles["resting"]}>
      {alike.length === 0 ? null : (
        <div className={styles["alike"]}>
          <p className="line">
            <IconUsers size={18} aria-hidden /> <strong>{w.duplicates.alike(alike.length)}</strong> <span className="small">{w.duplicates.alikeHelp}</span>
          </p>
          <ul>
            {alike.map((one) => (
              <li key={one.customerNo} className="line">
                <CustomerChip no={one.customerNo} name={textOf(one.fullName)} />
                <span className="small">{textOf(one.companyName)}</span>
                <LikenessReasons reasons={one.reasons} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

/** A text once it has not changed for a while. */
function useResting(text: string): string {
  const [resting, setResting] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setResting(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return resting;
}
