import { Button, Modal, NativeSelect, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { lessonKinds, listLessons, writeLesson, type LessonKind } from "#shared/incident-afterwards.ts";
import { call } from "#web/call.ts";
import { useAfterwardsAct } from "#web/incidents/afterwards/use-afterwards.ts";
import { useStaffChoices } from "#web/incidents/task-list.tsx";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

type Lesson = ReplyOf<typeof listLessons>["lessons"][number];

/** 教訓 and 懲戒の記録, each with its former versions. */
export function Lessons({ incidentNo }: { incidentNo: number }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const { data, error } = useQuery({
    queryKey: ["incident", incidentNo, "lessons"],
    queryFn: () => call(listLessons, { params: { incidentNo } }),
    staleTime: 0,
  });
  const [writing, setWriting] = useState<{ readonly kind: LessonKind; readonly lesson?: Lesson }>();
  const texts = {
    lesson: { title: words.lessons, lead: words.lessonsLead, none: words.noLessons, add: words.addLesson },
    discipline: { title: words.discipline, lead: words.disciplineLead, none: words.noDiscipline, add: words.addDiscipline },
  };
  if (error !== null) return <ProblemNotice error={error} />;
  return (
    <>
      {lessonKinds.map((kind) => {
        const versions = Map.groupBy(data?.lessons.filter((one) => one.kind === kind) ?? [], (one) => one.lessonNo);
        return (
          <section key={kind} className="column tight" aria-label={texts[kind].title}>
            <div className="line apart">
              <h3>{texts[kind].title}</h3>
              <Button variant="default" onClick={() => setWriting({ kind })}>
                {texts[kind].add}
              </Button>
            </div>
            <p className="small soft">{texts[kind].lead}</p>
            {data === undefined ? (
              <p className="soft">{w.act.loading}</p>
            ) : versions.size === 0 ? (
              <p className="soft">{texts[kind].none}</p>
            ) : (
              <ul className="ruled">
                {[...versions].map(([lessonNo, ofLesson]) => (
                  <li key={lessonNo}>
                    <LessonLine versions={ofLesson} onRewrite={(lesson) => setWriting({ kind, lesson })} />
                  </li>
                ))}
              </ul>
            )}
          </section>
        );
      })}
      {writing === undefined ? null : (
        <LessonDialog
          incidentNo={incidentNo}
          kind={writing.kind}
          title={texts[writing.kind].add}
          lesson={writing.lesson}
          onClose={() => setWriting(undefined)}
        />
      )}
    </>
  );
}

function LessonLine({ versions, onRewrite }: { versions: readonly Lesson[]; onRewrite: (lesson: Lesson) => void }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const [latest, ...former] = versions;
  if (latest === undefined) return null;
  return (
    <>
      <div className="line apart">
        <span className="line">
          {latest.accountNo === null ? null : <AccountChip no={latest.accountNo} />}
          {latest.isWithdrawn ? <Mark>{words.takenBack}</Mark> : <Value shown={latest.text} isBare />}
        </span>
        <Button size="compact-sm" variant="default" onClick={() => onRewrite(latest)}>
          {words.rewrite}
        </Button>
      </div>
      <p className="small soft line">
        <span>{words.version(latest.version)}</span>
        <At iso={latest.at} form="date" />
        <AccountChip no={latest.by} />
      </p>
      {former.length === 0 ? null : (
        <details>
          <summary className="small">{words.formerVersions(former.length)}</summary>
          {former.map((one) => (
            <p key={one.version} className="small soft line">
              <span>{words.version(one.version)}</span>
              <At iso={one.at} form="date" />
              {one.isWithdrawn ? words.takenBack : <Value shown={one.text} isBare />}
            </p>
          ))}
        </details>
      )}
    </>
  );
}

function LessonDialog({
  incidentNo,
  kind,
  title,
  lesson,
  onClose,
}: {
  incidentNo: number;
  kind: LessonKind;
  title: string;
  lesson: Lesson | undefined;
  onClose: () => void;
}) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const choices = useStaffChoices();
  const [text, setText] = useState(textOf(lesson?.text ?? null) ?? "");
  const [who, setWho] = useState(lesson?.accountNo == null ? "" : String(lesson.accountNo));
  const write = useAfterwardsAct(
    (given: string | null) =>
      call(writeLesson, {
        params: { incidentNo },
        body: {
          kind,
          text: given,
          ...(who === "" ? {} : { accountNo: Number(who) }),
          ...(lesson === undefined ? {} : { of: { lessonNo: lesson.lessonNo, version: lesson.version } }),
        },
      }),
    () => {
      onClose();
      return words.written;
    },
  );
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") write.mutate(text.trim());
        }}
      >
        {kind === "discipline" ? (
          <NativeSelect
            label={words.who}
            value={who}
            data={[{ value: "", label: words.choose }, ...choices]}
            onChange={(event) => setWho(event.currentTarget.value)}
          />
        ) : null}
        <Textarea
          data-autofocus
          label={words.text}
          value={text}
          autosize
          minRows={4}
          maxLength={4000}
          autoComplete="off"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <DialogActs onCancel={onClose} label={w.act.save} isBusy={write.isPending} isDisabled={text.trim() === "" || (kind === "discipline" && who === "")}>
          {lesson === undefined || lesson.isWithdrawn ? null : (
            <Button variant="subtle" disabled={write.isPending} onClick={() => write.mutate(null)}>
              {words.takeBack}
            </Button>
          )}
        </DialogActs>
      </form>
    </Modal>
  );
}
