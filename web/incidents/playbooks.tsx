import { Button, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { shippedTask } from "#shared/incident-playbooks.ts";
import {
  phases,
  playbookKeys,
  setPlaybook,
  showPlaybook,
  teamRoles,
  type Phase,
  type PlaybookKey,
  type TaskKind,
  type TaskLink,
  type TeamRole,
} from "#shared/incidents.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/incidents.module.css";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { Confirm } from "#web/parts/confirm.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

type Whole = ReplyOf<typeof showPlaybook>;
interface Line {
  readonly key: string;
  readonly title: string;
  /** What stood there: unchanged words are not sent. */
  readonly former: string;
  readonly phase: Phase;
  readonly kind: TaskKind;
  readonly role: TeamRole;
  readonly dueHours: number | null;
  readonly link: TaskLink | null;
}

/** 手順書: what becomes the tasks of an incident, by its cause. */
export function Playbooks() {
  const { w } = useWords();
  const words = w.incidents;
  const navigate = useNavigate();
  const search: { playbook?: string } = useSearch({ strict: false });
  const playbook = playbookKeys.find((key) => key === search.playbook) ?? "malware";
  const { data, error } = useQuery({
    queryKey: ["incidents", "playbook", playbook],
    queryFn: () => call(showPlaybook, { params: { playbook } }),
    staleTime: 0,
  });
  return (
    <section className="column">
      <p className="soft">{words.playbooksLead}</p>
      <NativeSelect
        label={words.playbook}
        maw={280}
        value={playbook}
        data={playbookKeys.map((key) => ({ value: key, label: words.playbooks[key] }))}
        onChange={(event) => void navigate({ to: "/incidents", search: { tab: "playbooks", playbook: event.currentTarget.value }, replace: true })}
      />
      {error === null ? null : <ProblemNotice error={error} />}
      {data === undefined ? null : <PlaybookForm key={`${playbook} ${JSON.stringify(data)}`} playbook={playbook} whole={data} />}
    </section>
  );
}

function PlaybookForm({ playbook, whole }: { playbook: PlaybookKey; whole: Whole }) {
  const { w, label } = useWords();
  const words = w.incidents;
  const [lines, setLines] = useState<readonly Line[]>(() =>
    whole.tasks.map(({ title, ...task }) => {
      const shipped = shippedTask(task.key);
      const text = textOf(title) ?? (shipped === undefined ? "" : label(shipped));
      return { ...task, title: text, former: text };
    }),
  );
  const [isResetting, setIsResetting] = useState(false);
  const [isChanged, setIsChanged] = useState(false);
  const put = (next: readonly Line[]): void => {
    setLines(next);
    setIsChanged(true);
  };
  const change = (at: number, given: Partial<Line>): void => put(lines.map((line, index) => (index === at ? { ...line, ...given } : line)));
  const save = useIncidentAct(
    (given: readonly Line[]) =>
      call(setPlaybook, {
        params: { playbook },
        body: {
          tasks: given.map(({ title, former, ...line }) => ({ ...line, ...(title.trim() === former ? {} : { title: title.trim() }) })),
        },
      }),
    () => {
      setIsResetting(false);
      return words.saved;
    },
  );
  const add = (): void => {
    const numbers = lines.map((line) => Number(/^own\.(\d+)$/.exec(line.key)?.[1] ?? 0));
    put([...lines, { key: `own.${Math.max(0, ...numbers) + 1}`, title: "", former: "", phase: 2, kind: "step", role: "lead", dueHours: null, link: null }]);
  };
  return (
    <form
      className="column tight"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(lines);
      }}
    >
      <div className="line apart">
        <Mark tone={whole.isOwn ? "look" : "plain"}>{whole.isOwn ? words.isOwn : words.isShipped}</Mark>
        {whole.isOwn ? (
          <Button size="xs" variant="default" onClick={() => setIsResetting(true)}>
            {words.resetPlaybook}
          </Button>
        ) : null}
      </div>
      {lines.map((line, at) => (
        <div key={line.key} className={styles["rule"]} role="group" aria-label={words.nthTask(at + 1)}>
          <TextInput
            aria-label={words.taskTitle}
            value={line.title}
            maxLength={200}
            autoComplete="off"
            miw={260}
            onChange={(event) => change(at, { title: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label={words.phase}
            value={String(line.phase)}
            data={phases.map((phase) => ({ value: String(phase), label: `${phase} ${words.phases[phase]}` }))}
            onChange={(event) => change(at, { phase: Number(event.currentTarget.value) as Phase })}
          />
          <NativeSelect
            aria-label={words.role}
            value={line.role}
            data={teamRoles.map((role) => ({ value: role, label: words.roles[role] }))}
            onChange={(event) => change(at, { role: event.currentTarget.value as TeamRole })}
          />
          <NumberInput
            aria-label={words.dueHours}
            placeholder={words.dueHours}
            title={words.dueHours}
            w={130}
            hideControls
            suffix={words.withinHours}
            min={0}
            max={10_000}
            value={line.dueHours ?? ""}
            onChange={(value) => change(at, { dueHours: typeof value === "number" ? value : null })}
          />
          <Button
            size="xs"
            variant="subtle"
            disabled={at === 0}
            onClick={() => put(lines.map((one, index) => (index === at - 1 ? line : index === at ? (lines[at - 1] as Line) : one)))}
          >
            {words.moveUp}
          </Button>
          <Button size="xs" variant="subtle" color="red" onClick={() => put(lines.filter((one) => one !== line))}>
            {words.removeTask}
          </Button>
        </div>
      ))}
      <div className="line apart">
        <Button variant="default" onClick={add}>
          {words.addTask}
        </Button>
        <Button type="submit" loading={save.isPending} disabled={!isChanged || lines.length === 0 || lines.some((line) => line.title.trim() === "")}>
          {w.act.save}
        </Button>
      </div>
      <Confirm
        title={words.resetPlaybook}
        lead={words.playbooks[playbook]}
        action={words.resetPlaybook}
        isOpen={isResetting}
        isBusy={save.isPending}
        onConfirm={() => save.mutate([])}
        onClose={() => setIsResetting(false)}
      />
    </form>
  );
}
