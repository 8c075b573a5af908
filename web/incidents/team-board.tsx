import { Button } from "@mantine/core";
import { setIncidentTeam, teamRoles, type TeamRole } from "#shared/incidents.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/incidents.module.css";
import { useStaffChoices } from "#web/incidents/task-list.tsx";
import { useIncidentAct, type WholeIncident } from "#web/incidents/use-incident.ts";
import { AddSelect } from "#web/parts/add-select.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { useWords } from "#web/words/words.ts";

/** 体制: who takes which part in the team. */
export function TeamBoard({ whole: { incident, team } }: { whole: WholeIncident }) {
  const { w } = useWords();
  const words = w.incidents;
  const choices = useStaffChoices();
  const isOpen = incident.closedAt === null;
  const set = useIncidentAct(
    ({ role, accountNos }: { role: TeamRole; accountNos: number[] }) =>
      call(setIncidentTeam, { params: { incidentNo: incident.incidentNo }, body: { role, accountNos } }),
    () => words.teamSaved,
  );
  return (
    <section className="column tight" aria-label={words.sections.team}>
      <p className="soft">{words.teamLead}</p>
      <dl className={styles["team"]}>
        {teamRoles.map((role) => {
          const members = team.filter((one) => one.role === role).map((one) => one.accountNo);
          return (
            <div key={role}>
              <dt>{words.roles[role]}</dt>
              <dd className="line">
                {members.length === 0 ? <span className="soft">{words.nobody}</span> : null}
                {members.map((no) => (
                  <span key={no} className="line">
                    <AccountChip no={no} />
                    {isOpen ? (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        disabled={set.isPending}
                        aria-label={words.removeMember(words.roles[role])}
                        onClick={() => set.mutate({ role, accountNos: members.filter((one) => one !== no) })}
                      >
                        {words.removeTask}
                      </Button>
                    ) : null}
                  </span>
                ))}
              </dd>
              <dd>
                {isOpen ? (
                  <AddSelect
                    size="xs"
                    aria-label={words.addMember(words.roles[role])}
                    disabled={set.isPending}
                    data={[{ value: "", label: words.addMemberShort }, ...choices.filter(({ value }) => !members.includes(Number(value)))]}
                    onAdd={(no) => set.mutate({ role, accountNos: [...members, Number(no)] })}
                  />
                ) : null}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
