import { useQuery } from "@tanstack/react-query";
import { showCosts } from "#shared/incident-afterwards.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/afterwards/afterwards.module.css";
import { useWords } from "#web/words/words.ts";

export function useCosts(incidentNo: number) {
  return useQuery({ queryKey: ["incident", incidentNo, "costs"], queryFn: () => call(showCosts, { params: { incidentNo } }), staleTime: 0 });
}

/** What an incident came to so far, by kind. Nothing before the first entry. */
export function CostsTable({ incidentNo, hasTitle = false }: { incidentNo: number; hasTitle?: boolean }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const { data } = useCosts(incidentNo);
  if (data === undefined || data.costs.length === 0) return null;
  const table = (
    <table className={styles["costs"]} aria-label={words.actual}>
      <thead>
        <tr>
          <th>{words.kind}</th>
          <th>{words.entries(data.costs.reduce((sum, cost) => sum + cost.entries, 0))}</th>
          <th>{words.planned}</th>
          <th>{words.spent}</th>
        </tr>
      </thead>
      <tbody>
        {data.costs.map((cost) => (
          <tr key={cost.kind}>
            <td>{words.kinds[cost.kind]}</td>
            <td className="number">{cost.isPerPerson ? words.peopleCount(cost.people) : words.entries(cost.entries)}</td>
            <td className="number">{words.yen(cost.planned)}</td>
            <td className="number">{words.yen(cost.spent)}</td>
          </tr>
        ))}
        <tr>
          <td>
            <strong>{words.total}</strong>
          </td>
          <td className="number">{words.peopleCount(data.people)}</td>
          <td className="number">
            <strong>{words.yen(data.planned)}</strong>
          </td>
          <td className="number">
            <strong>{words.yen(data.spent)}</strong>
          </td>
        </tr>
      </tbody>
    </table>
  );
  return hasTitle ? (
    <section className="column tight">
      <h4>{words.actual}</h4>
      <p className="small soft">{words.actualLead}</p>
      {table}
    </section>
  ) : (
    table
  );
}
