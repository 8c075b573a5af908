import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ownChanges } from "#shared/activities.ts";
import { call } from "#web/call.ts";
import styles from "#web/home/home.module.css";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** What came to my customers while I was away, in numbers that open my list. */
export function OwnChanges() {
  const { w, short } = useWords();
  const { accountNo } = useMe();
  const { data } = useQuery({ queryKey: ["own-changes"], queryFn: () => call(ownChanges), staleTime: 60_000 });
  if (data === undefined) return null;
  const told = [
    [data.added, w.activities.changesAdded],
    [data.changed, w.activities.changesChanged],
    [data.notes, w.activities.changesNotes],
    [data.purchases, w.activities.changesPurchases],
  ] as const;
  const some = told.filter(([count]) => count > 0);
  return (
    <section className="column tight" aria-label={w.activities.changes}>
      <div className="line apart">
        <h2>{w.activities.changes}</h2>
        <span className="small soft">{w.activities.changesSince(short(data.since))}</span>
      </div>
      {some.length === 0 ? (
        <p className="soft">{w.activities.noChanges}</p>
      ) : (
        <ul className={styles["changes"]}>
          {some.map(([count, say]) => (
            <li key={say(count)}>
              <Link to="/customers" search={{ owner: accountNo }}>
                {say(count)}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
