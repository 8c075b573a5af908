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
  const isTheirs = may("handle-incidents");
  const { data } = useQuery({
    queryKey: ["incidents", "open"],
    queryFn: () => call(openIncidents),
    enabled: isTheirs,
    refetchInterval: everyMs,
    staleTime: 0,
  });
  if (!isTheirs) return null;
  // Its room is kept while there is nothing: a page must not move under a hand when something is noticed.
  return (
    <nav className={styles["bar"]} aria-label={words.title} data-screen-only>
      {data?.incidents.length === 0 && data.waiting === 0 ? <span>{words.noneOpen}</span> : null}
      {data?.incidents.map((one) => (
        <Link key={one.incidentNo} to="/incidents/$incidentNo" params={{ incidentNo: String(one.incidentNo) }} data-drill={one.isDrill || undefined}>
          <IconUrgent size={16} aria-hidden />
          <span>
            {(one.isDrill ? words.drillNth : words.nth)(one.incidentNo)} {words.playbooks[one.playbook]}
          </span>
          <span className="small">{words.phases[one.phase as keyof typeof words.phases]}</span>
        </Link>
      ))}
      {data === undefined || data.waiting === 0 ? null : (
        <Link to="/incidents" search={{ tab: "signals" }} data-waiting>
          {words.tabs.signals} <Mark tone="look">{words.waiting(data.waiting)}</Mark>
        </Link>
      )}
    </nav>
  );
}
