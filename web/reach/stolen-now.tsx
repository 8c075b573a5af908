import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { largestReach } from "#shared/reach.ts";
import { call } from "#web/call.ts";
import { AccountChip } from "#web/parts/chip.tsx";
import styles from "#web/reach/reach.module.css";
import { TrendLine } from "#web/reach/trend-line.tsx";
import { useWords } from "#web/words/words.ts";

/** On Home, for whoever could stop an account: those that could read most people if they were stolen now. */
export function StolenNow() {
  const { w, short } = useWords();
  const words = w.reach;
  const { data } = useQuery({ queryKey: ["reach", "largest"], queryFn: () => call(largestReach), staleTime: 60_000 });
  return (
    <section className="column tight" aria-label={words.home}>
      <div className="line apart">
        <h2>{words.home}</h2>
        <Link to="/reach">{words.all}</Link>
      </div>
      <p className="small soft">{data === undefined ? w.act.loading : data.countedAt === null ? words.notCounted : words.homeLead(short(data.countedAt))}</p>
      {data?.countedAt === null ? null : (
        <ul className={styles["top"]}>
          {data?.figures.map((figure) => (
            <li key={figure.accountNo}>
              <span>
                <AccountChip no={figure.accountNo} />
              </span>
              <strong className="number">{words.count(figure.people)}</strong>
              <TrendLine figure={figure} from={data.from} at={data.countedAt ?? ""} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
