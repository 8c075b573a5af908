import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconUrgent } from "@tabler/icons-react";
import { openIncidents } from "#shared/incidents.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/incident-bar.module.css";
import { Mark } from "#web/parts/mark.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

const everyMs = 60_000;

/** While an incident is open, or something that was reported or noticed waits, whoever handles incidents has it in sight wherever they are. */
export function IncidentBar() {
  const { w } = useWords();
  const words = w.incidents;
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["incidents", "open"],
    queryFn: () => call(openIncidents),
    enabled: may("handle-incidents"),
    refetchInterval: everyMs,
    staleTime: 0,
  });
  if (data === undefined || (data.incidents.length === 0 && data.waiting === 0)) return null;
  return (
    <nav className={styles["bar"]} aria-label={words.title} data-screen-only>
      {data.incidents.map((one) => (
        <Link key={one.incidentNo} to="/incidents/$incidentNo" params={{ incidentNo: String(one.incidentNo) }} data-drill={one.isDrill || undefined}>
          <IconUrgent size={16} aria-hidden />
          <span>
            {(one.isDrill ? words.drillNth : words.nth)(one.incidentNo)} {words.playbooks[one.playbook]}
          </span>
          <span className="small">{words.phases[one.phase as keyof typeof words.phases]}</span>
        </Link>
      ))}
      {data.waiting === 0 ? null : (
        <Link to="/incidents" search={{ tab: "signals" }} data-waiting>
          {words.tabs.signals} <Mark tone="look">{words.waiting(data.waiting)}</Mark>
        </Link>
      )}
    </nav>
  );
}
