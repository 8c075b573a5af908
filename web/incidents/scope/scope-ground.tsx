import { useCauseWords } from "#web/incidents/scope/cause-words.ts";
import styles from "#web/incidents/scope/scope.module.css";
import type { Run } from "#web/incidents/scope/use-scope.ts";
import { useAllFields } from "#web/parts/use-directory.ts";
import { formatNumber as n } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

/** What the numbers rest on: the fields that got out, the ways into a tier, and the proof of the exclusion in words. */
export function ScopeGround({ run }: { run: Run }) {
  const { w, label } = useWords();
  const words = w.incidentScope;
  const fields = useAllFields("customer");
  const say = useCauseWords();
  const ways = run.ways.filter(({ people }) => people > 0);
  return (
    <div className={styles["split"]}>
      {run.fields.length === 0 ? null : (
        <section className="column tight">
          <h3>{words.fields}</h3>
          <table className={styles["table"]}>
            <thead>
              <tr>
                <th scope="col">{words.field}</th>
                <th scope="col" className={styles["count"]}>
                  {words.inFull}
                </th>
                <th scope="col" className={styles["count"]}>
                  {words.shape}
                </th>
              </tr>
            </thead>
            <tbody>
              {run.fields.map(({ field, confirmed, possible }) => {
                const known = fields.find((one) => one.key === field);
                return (
                  <tr key={field}>
                    <th scope="row">{known === undefined ? field : label(known)}</th>
                    <td className={styles["count"]}>{n(confirmed)}</td>
                    <td className={styles["count"]}>{n(possible)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
      {ways.length === 0 ? null : (
        <section className="column tight">
          <h3>{words.waysTitle}</h3>
          <ul className={`${styles["plain"]} small`}>
            {ways.map(({ way, people }) => (
              <li key={way}>{words.proofOf(words.ways[way], people)}</li>
            ))}
          </ul>
        </section>
      )}
      {run.proofs.length === 0 ? null : (
        <section className="column tight">
          <h3>{words.proofsTitle}</h3>
          <ul className={`${styles["plain"]} small`}>
            {run.proofs.map(({ proof, cause, people }, at) => {
              const named = cause === null ? undefined : run.causes[cause];
              return (
                <li key={`${proof}:${at}`}>
                  {named === undefined ? "" : `${say(named)}: `}
                  {words.proofOf(words.proofs[proof], people)}
                </li>
              );
            })}
          </ul>
        </section>
      )}
    </div>
  );
}
