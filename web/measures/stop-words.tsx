import { useQuery } from "@tanstack/react-query";
import { showNotice } from "#shared/measures.ts";
import { call } from "#web/call.ts";
import styles from "#web/measures/measures.module.css";
import { useWords } from "#web/words/words.ts";

/** What a stop of the whole service says to everybody; nothing while there is none. */
export function StopWords() {
  const { w, language, dateTime } = useWords();
  const { data } = useQuery({ queryKey: ["service-notice"], queryFn: () => call(showNotice), staleTime: 0, retry: false });
  const stopped = data?.stopped;
  if (stopped === undefined || stopped === null) return null;
  const [first, other] = language === "ja" ? [stopped.messageJa, stopped.messageEn] : [stopped.messageEn, stopped.messageJa];
  return (
    <section className={styles["words"]} role="status" aria-label={w.measures.stopTitle}>
      <p className={styles["said"]}>{first !== "" ? first : other !== "" ? other : w.measures.messageDefault}</p>
      {stopped.callBack === "" ? null : (
        <p>
          {w.measures.callTo}: <strong>{stopped.callBack}</strong>
        </p>
      )}
      <p className="small soft">
        {w.measures.stopSince(dateTime(stopped.since))}
        {stopped.until === null ? "" : ` / ${w.measures.stopUntil(dateTime(stopped.until))}`}
      </p>
    </section>
  );
}
