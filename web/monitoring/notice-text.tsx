import type { ReplyOf } from "#shared/endpoint.ts";
import type { showNotice } from "#shared/monitoring.ts";
import styles from "#web/monitoring/notice-text.module.css";
import { textOf } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

export type Notice = ReplyOf<typeof showNotice>;

/** What staff are told about the recording of their work. */
export function NoticeText({ notice, organisation }: { notice: Notice; organisation: string }) {
  const { w, label } = useWords();
  const { said } = w.monitoring;
  const own = textOf(notice.text);
  const roles = (among: Notice["ledgerReaders"]) => (
    <ul className={styles["roles"]}>
      {among.map((role) => (
        <li key={role.key}>{label(role)}</li>
      ))}
    </ul>
  );
  return (
    <div className={styles["notice"]}>
      <section>
        <h2>{said.what}</h2>
        <ul>
          {said.whatList.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
        <p>{said.whatWith}</p>
      </section>
      <section>
        <h2>{said.notWhat}</h2>
        <p>{said.notWhatText}</p>
      </section>
      <section>
        <h2>{said.why}</h2>
        <p>{said.whyText}</p>
      </section>
      <section>
        <h2>{said.who}</h2>
        <p>{said.whoLedger}</p>
        {notice.ledgerReaders.length === 0 ? <p>{said.whoNobody}</p> : roles(notice.ledgerReaders)}
        {notice.exposureReaders.length === 0 ? null : (
          <>
            <p>{said.whoExposures}</p>
            {roles(notice.exposureReaders)}
          </>
        )}
        <p>{said.whoRecorded}</p>
      </section>
      <section>
        <h2>{said.howLong}</h2>
        <p>{said.howLongText}</p>
      </section>
      <section>
        <h2>{said.own}</h2>
        <p>{said.ownText}</p>
      </section>
      {own === null || own === undefined ? null : (
        <section>
          <h2>{w.monitoring.organisation(organisation)}</h2>
          <p className={styles["own"]}>{own}</p>
        </section>
      )}
    </div>
  );
}
