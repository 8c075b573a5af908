import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { dayInJapan } from "#shared/day-in-japan.ts";
import { drawLetters, postLetters, type Notice } from "#shared/incident-notices.ts";
import { call, download } from "#web/call.ts";
import styles from "#web/incidents/notices/notices.module.css";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { DayField } from "#web/parts/day-field.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

type Part = Notice["parts"][number];

/** The files of letters: drawn, posted. */
export function NoticeLetters({ notice }: { notice: Notice }) {
  const { w } = useWords();
  const words = w.incidentNotices;
  const [posting, setPosting] = useState<Part>();
  return (
    <section className="column tight" aria-label={words.letters}>
      <h4 style={{ margin: 0 }}>{words.letters}</h4>
      <p className="small soft">{words.lettersLead}</p>
      <ul className={styles["rows"]}>
        {notice.parts.map((part) => (
          <PartLine key={part.partNo} noticeNo={notice.noticeNo} part={part} onPost={() => setPosting(part)} />
        ))}
      </ul>
      {posting === undefined ? null : <PostDialog noticeNo={notice.noticeNo} part={posting} onClose={() => setPosting(undefined)} />}
    </section>
  );
}

function PartLine({ noticeNo, part, onPost }: { noticeNo: number; part: Part; onPost: () => void }) {
  const { w, dateTime, date } = useWords();
  const words = w.incidentNotices;
  const draw = useIncidentAct(() => download(drawLetters, { params: { noticeNo }, body: { partNo: part.partNo } }));
  return (
    <li>
      <span>{words.part(part.partNo, part.letters)}</span>
      <Button variant="default" size="xs" loading={draw.isPending} aria-label={words.drawFor(part.partNo)} onClick={() => draw.mutate(undefined)}>
        {words.draw}
      </Button>
      {part.printedAt === null ? null : (
        <>
          <span className="small soft">
            {part.postedOn === null ? words.drawn(dateTime(part.printedAt)) : words.postedOn(date(`${part.postedOn}T00:00:00+09:00`))}
          </span>
          <Button variant="subtle" size="xs" onClick={onPost}>
            {words.post}
          </Button>
        </>
      )}
    </li>
  );
}

function PostDialog({ noticeNo, part, onClose }: { noticeNo: number; part: Part; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidentNotices;
  const today = dayInJapan(new Date());
  const [day, setDay] = useState(part.postedOn ?? today);
  const post = useIncidentAct(
    () => call(postLetters, { params: { noticeNo }, body: { partNo: part.partNo, on: day } }),
    ({ letters }) => {
      onClose();
      return words.postDone(letters);
    },
  );
  return (
    <Modal opened onClose={onClose} title={words.postTitle(part.partNo)} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          post.mutate(undefined);
        }}
      >
        <DayField label={words.postDay} value={day} latest={today} isLabelled isRequired isFormSize onChange={(value) => setDay(value ?? today)} />
        <DialogActs onCancel={onClose} label={words.post} isBusy={post.isPending} />
      </form>
    </Modal>
  );
}
