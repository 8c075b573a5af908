import { Button, Checkbox, Menu, Modal, NativeSelect, TextInput } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { dueOfTask, shippedTask } from "#shared/incident-playbooks.ts";
import { addIncidentTask, changeIncidentTask, phases, teamRoles, type IncidentTask, type Phase, type TaskState, type TeamRole } from "#shared/incidents.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/incidents.module.css";
import { MomentField, momentOf } from "#web/incidents/moment-field.tsx";
import { ReasonDialog } from "#web/incidents/reason-dialog.tsx";
import { useFinalDue } from "#web/incidents/use-final-due.ts";
import { useIncidentAct, type WholeIncident } from "#web/incidents/use-incident.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { showUndo } from "#web/parts/show-undo.tsx";
import { textOf, useStaff } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

type Change = { readonly task: IncidentTask; readonly state?: TaskState; readonly assignedTo?: number | null; readonly note?: string };

/**
 * やること: the tasks of the playbook by phase, each with its clock, its owner and its way. Brief: those of this phase and the next, and
 * whatever is late.
 */
export function TaskList({ whole, isBrief = false }: { whole: WholeIncident; isBrief?: boolean }) {
  const { w } = useWords();
  const words = w.incidents;
  const { incident } = whole;
  const { final } = useFinalDue(whole);
  const tasks = whole.tasks.map((task) => ({ ...task, dueAt: dueOfTask(task, incident.knownAt, final) }));
  const [showsDone, setShowsDone] = useState(false);
  const [isAdding, setIsAdding] = useState(false);
  const ended = tasks.filter((task) => task.state !== "open");
  const isOpen = incident.closedAt === null;
  const open = tasks.filter((task) => task.state === "open");
  const shown = isBrief ? open.filter((task) => task.phase <= incident.phase + 1 || isLate(task)) : showsDone ? tasks : open;
  return (
    <section className="column tight" aria-label={words.sections.tasks}>
      <div className="line apart">
        <h2>
          {words.sections.tasks} <span className="small soft">{words.tasksLeft(tasks.length - ended.length)}</span>
        </h2>
        {isOpen ? (
          <Button size="xs" variant="default" onClick={() => setIsAdding(true)}>
            {words.addTask}
          </Button>
        ) : null}
      </div>
      {phases.map((phase) => {
        const ofPhase = shown.filter((task) => task.phase === phase);
        return ofPhase.length === 0 ? null : (
          <section key={phase} className={styles["phase"]} data-now={phase === incident.phase || undefined} aria-label={words.phases[phase]}>
            <h3>
              <span className={styles["nth"]}>{phase}</span> {words.phases[phase]}
            </h3>
            <ul className={styles["tasks"]}>
              {ofPhase.map((task) => (
                <TaskLine key={task.taskNo} task={task} incidentNo={incident.incidentNo} isOpen={isOpen} />
              ))}
            </ul>
          </section>
        );
      })}
      {isBrief ? (
        <p>
          <Link to="/incidents/$incidentNo/$section" params={{ incidentNo: String(incident.incidentNo), section: "tasks" }}>
            {words.allTasks(open.length - shown.length)}
          </Link>
        </p>
      ) : ended.length === 0 ? null : (
        <p>
          <Button size="xs" variant="subtle" onClick={() => setShowsDone(!showsDone)}>
            {showsDone ? words.hideDone : words.showDone(ended.length)}
          </Button>
        </p>
      )}
      {isAdding ? <AddTaskDialog incidentNo={incident.incidentNo} phase={incident.phase} onClose={() => setIsAdding(false)} /> : null}
    </section>
  );
}

function isLate(task: IncidentTask): boolean {
  return task.state === "open" && task.dueAt !== null && Date.parse(task.dueAt) < Date.now();
}

function TaskLine({ task, incidentNo, isOpen }: { task: IncidentTask; incidentNo: number; isOpen: boolean }) {
  const { w, label } = useWords();
  const words = w.incidents;
  const [asking, setAsking] = useState<"skip" | "note" | "assign">();
  const titleId = useId();
  const put = ({ task: { taskNo }, version, ...body }: Change & { version: number }) =>
    call(changeIncidentTask, { params: { incidentNo, taskNo }, body: { version, ...body } });
  const undo = useIncidentAct((given: Change & { version: number }) => put(given));
  const change = useIncidentAct(
    (given: Change) => put({ ...given, version: given.task.version }).then(({ version }) => ({ given, version })),
    ({ given, version }) => {
      setAsking(undefined);
      if (given.state === undefined) return words.saved;
      showUndo({
        id: `task-${task.taskNo}`,
        message: given.state === "done" ? words.doneNote : given.state === "skipped" ? words.skipped : words.undone,
        label: w.act.undo,
        onUndo: () => undo.mutate({ task, version, state: given.task.state }),
      });
      return undefined;
    },
  );
  const shipped = task.key === null || task.title !== null ? undefined : shippedTask(task.key);
  const title = shipped === undefined ? <Value shown={task.title} /> : label(shipped);
  return (
    <li className={styles["task"]} data-state={task.state}>
      <Checkbox
        checked={(change.isPending ? (change.variables.state ?? task.state) : task.state) === "done"}
        disabled={!isOpen || change.isPending}
        aria-label={words.done}
        aria-describedby={titleId}
        onChange={(event) => change.mutate({ task, state: event.currentTarget.checked ? "done" : "open" })}
      />
      <div className={styles["about"]}>
        <p id={titleId}>{title}</p>
        <p className="line small soft">
          {task.kind === "step" ? null : <Mark>{words.kinds[task.kind]}</Mark>}
          <span>{words.roles[task.role]}</span>
          {task.assignedTo === null ? null : <AccountChip no={task.assignedTo} />}
          {task.state === "skipped" ? <Mark>{words.skipped}</Mark> : null}
          {task.state === "done" && task.changedAt !== null ? <At iso={task.changedAt} form="short" /> : null}
          {task.state === "open" && task.dueAt !== null ? (
            <span className={isLate(task) ? styles["late"] : undefined}>
              <At iso={task.dueAt} form="short" /> {isLate(task) ? <Mark tone="loss">{words.overdue}</Mark> : null}
            </span>
          ) : null}
          {task.link !== null && task.state === "open" ? (
            task.link === "measures" ? (
              <Link to="/incidents/$incidentNo/$section" params={{ incidentNo: String(incidentNo), section: "measures" }}>
                {words.links.measures}
              </Link>
            ) : (
              <Link to="/incidents/$incidentNo/$section" params={{ incidentNo: String(incidentNo), section: task.link }}>
                {words.links[task.link]}
              </Link>
            )
          ) : null}
        </p>
        {task.note === null ? null : (
          <p className={styles["note"]}>
            <Value shown={task.note} />
          </p>
        )}
      </div>
      {isOpen ? (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button size="xs" variant="subtle" px={6} aria-label={w.act.more} aria-describedby={titleId}>
              <IconDots size={16} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setAsking("assign")}>{words.assign}</Menu.Item>
            <Menu.Item onClick={() => setAsking("note")}>{words.noteTitle}</Menu.Item>
            {task.state === "open" ? <Menu.Item onClick={() => setAsking("skip")}>{words.skip}</Menu.Item> : null}
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {asking === "assign" ? (
        <AssignDialog
          task={task}
          isBusy={change.isPending}
          onAssign={(assignedTo) => change.mutate({ task, assignedTo })}
          onClose={() => setAsking(undefined)}
        />
      ) : asking === undefined ? null : (
        <ReasonDialog
          title={asking === "skip" ? words.skipTitle : words.noteTitle}
          label={asking === "skip" ? words.reason : words.note}
          action={asking === "skip" ? words.skip : w.act.save}
          start={asking === "note" ? (textOf(task.note) ?? "") : ""}
          most={2000}
          isOptional={asking === "note"}
          isBusy={change.isPending}
          onSay={(note) => change.mutate(asking === "skip" ? { task, state: "skipped", note } : { task, note })}
          onClose={() => setAsking(undefined)}
        />
      )}
    </li>
  );
}

/** Staff by name, for choosing one. */
export function useStaffChoices(): readonly { readonly value: string; readonly label: string }[] {
  const { w } = useWords();
  return [...useStaff()].map(([no, name]) => ({ value: String(no), label: textOf(name) ?? w.settings.ofNumber(no) }));
}

function AssignDialog({
  task,
  isBusy,
  onAssign,
  onClose,
}: {
  task: IncidentTask;
  isBusy: boolean;
  onAssign: (accountNo: number | null) => void;
  onClose: () => void;
}) {
  const { w } = useWords();
  const words = w.incidents;
  const choices = useStaffChoices();
  const [chosen, setChosen] = useState(task.assignedTo === null ? "" : String(task.assignedTo));
  return (
    <Modal opened onClose={onClose} title={words.assign} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          onAssign(chosen === "" ? null : Number(chosen));
        }}
      >
        <NativeSelect
          data-autofocus
          label={words.assign}
          value={chosen}
          data={[{ value: "", label: words.nobody }, ...choices]}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <DialogActs onCancel={onClose} label={w.act.save} isBusy={isBusy} />
      </form>
    </Modal>
  );
}

function AddTaskDialog({ incidentNo, phase: now, onClose }: { incidentNo: number; phase: Phase; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidents;
  const [title, setTitle] = useState("");
  const [phase, setPhase] = useState<Phase>(now);
  const [role, setRole] = useState<TeamRole>("lead");
  const [dueAt, setDueAt] = useState("");
  const add = useIncidentAct(
    () => call(addIncidentTask, { params: { incidentNo }, body: { title: title.trim(), phase, role, dueAt: momentOf(dueAt) ?? null } }),
    () => {
      onClose();
      return words.added;
    },
  );
  return (
    <Modal opened onClose={onClose} title={words.addTask} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim() !== "") add.mutate(undefined);
        }}
      >
        <TextInput
          data-autofocus
          label={words.taskTitle}
          value={title}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <NativeSelect
          label={words.phase}
          value={String(phase)}
          data={phases.map((one) => ({ value: String(one), label: `${one} ${words.phases[one]}` }))}
          onChange={(event) => setPhase(Number(event.currentTarget.value) as Phase)}
        />
        <NativeSelect
          label={words.role}
          value={role}
          data={teamRoles.map((one) => ({ value: one, label: words.roles[one] }))}
          onChange={(event) => setRole(event.currentTarget.value as TeamRole)}
        />
        <MomentField label={words.dueAt} value={dueAt} onChange={setDueAt} />
        <DialogActs onCancel={onClose} label={words.addTask} isBusy={add.isPending} isDisabled={title.trim() === ""} />
      </form>
    </Modal>
  );
}
