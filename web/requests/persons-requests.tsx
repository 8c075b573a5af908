import { Button, Modal, NativeSelect, Textarea } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import {
  discloseJson,
  disclosePdf,
  identityChecks,
  movePersonRequest,
  recordPersonRequest,
  requestChannels,
  requestDecisions,
  requestKinds,
} from "#shared/person-requests.ts";
import type { BodyOf } from "#shared/endpoint.ts";
import { call, download } from "#web/call.ts";
import { DayField } from "#web/parts/day-field.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Value } from "#web/parts/value.tsx";
import { Why } from "#web/parts/why.tsx";
import { todayInJapan } from "#web/requests/days-left.ts";
import { Mark } from "#web/parts/mark.tsx";
import { DueMark } from "#web/requests/due-mark.tsx";
import { useAct } from "#web/requests/use-act.ts";
import type { PersonFile, PersonsRequest } from "#web/requests/use-person-file.ts";
import { useWords } from "#web/words/words.ts";

type Step = BodyOf<typeof movePersonRequest>["step"];

/** Finds one of a closed list; what a select gives back is text. */
function oneOf<Item extends string>(list: readonly Item[], value: string): Item {
  return list.find((item) => item === value) ?? (list[0] as Item);
}

/** The requests of one person with their next step. */
export function PersonsRequests({ customerNo, file }: { customerNo: number; file: PersonFile }) {
  const { w } = useWords();
  const words = w.requests;
  const [isRecording, setIsRecording] = useState(false);
  return (
    <section className="column tight" aria-label={words.requests}>
      <div className="line apart">
        <h2>{words.requests}</h2>
        <Button variant="default" onClick={() => setIsRecording(true)}>
          {words.record}
        </Button>
      </div>
      {file.requests.length === 0 ? <p className="soft">{words.noRequests}</p> : null}
      {file.requests.map((request) => (
        <RequestRow key={request.requestNo} customerNo={customerNo} request={request} mayAnswer={file.may.answer} />
      ))}
      <RecordDialog customerNo={customerNo} isOpen={isRecording} onClose={() => setIsRecording(false)} />
    </section>
  );
}

function RequestRow({ customerNo, request, mayAnswer }: { customerNo: number; request: PersonsRequest; mayAnswer: boolean }) {
  const { w, date } = useWords();
  const words = w.requests;
  const [isDeciding, setIsDeciding] = useState(false);
  const isWaiting = request.state === "open" || request.state === "decided";
  const move = useAct(
    (step: Step) => call(movePersonRequest, { params: { requestNo: request.requestNo }, body: { version: request.version, step } }),
    () => {
      setIsDeciding(false);
      return w.act.saved;
    },
  );
  const disclose = useAct(
    (form: "pdf" | "json") =>
      download(form === "pdf" ? disclosePdf : discloseJson, { params: { customerNo }, body: { purpose: "person-request", requestNo: request.requestNo } }),
    () => undefined,
  );
  const error = move.error ?? disclose.error;
  return (
    <article className="column tight">
      <hr className="hairline" />
      <div className="line apart">
        <span className="line">
          <strong>{words.kinds[request.kind]}</strong>
          <span className="soft number">No. {request.requestNo}</span>
          <span>
            {words.states[request.state]}
            {request.decision === null ? "" : ` (${words.decided[request.decision]})`}
          </span>
        </span>
        <DueMark dueOn={request.dueOn} isWaiting={isWaiting} />
      </div>
      <p className="small soft">
        {words.received} {date(`${request.receivedOn}T00:00:00+09:00`)} / {words.channels[request.channel]} / {words.identity}:{" "}
        {words.identities[request.identityCheck]}
      </p>
      {request.text === null ? null : (
        <p>
          <Value shown={request.text} type="notes" />
        </p>
      )}
      {request.answer === null ? null : (
        <p>
          <span className="soft small">{words.answer} </span>
          <Value shown={request.answer} type="notes" />
        </p>
      )}
      {isWaiting && request.kind === "erasure" && request.isHeld ? (
        <p className="line small">
          <Mark tone="look">{w.evidence.heldMark}</Mark> {w.evidence.heldWhy}
        </p>
      ) : null}
      {!mayAnswer || !isWaiting ? null : (
        <div className="line">
          {request.state === "open" ? (
            <>
              <NativeSelect
                aria-label={words.identity}
                value={request.identityCheck}
                data={identityChecks.map((value) => ({ value, label: `${words.identity}: ${words.identities[value]}` }))}
                disabled={move.isPending}
                onChange={(event) => move.mutate({ kind: "identity", identityCheck: oneOf(identityChecks, event.currentTarget.value) })}
              />
              <Button onClick={() => setIsDeciding(true)}>{words.decide}</Button>
            </>
          ) : (
            <Button loading={move.isPending} onClick={() => move.mutate({ kind: "answer" })}>
              {words.markAnswered}
            </Button>
          )}
          <Button variant="default" disabled={move.isPending} onClick={() => move.mutate({ kind: "withdraw" })}>
            {words.withdraw}
          </Button>
        </div>
      )}
      {mayAnswer && request.kind === "disclosure" && request.state !== "withdrawn" ? (
        request.identityCheck === "none" ? (
          <p className="small soft">{words.identityFirst}</p>
        ) : (
          <div className="line">
            {(["pdf", "json"] as const).map((form) => (
              <Button
                key={form}
                variant="default"
                leftSection={<IconDownload size={16} />}
                loading={disclose.isPending && disclose.variables === form}
                onClick={() => disclose.mutate(form)}
              >
                {form === "pdf" ? words.disclosePdf : words.discloseJson}
              </Button>
            ))}
            <Why>{words.discloseWhy}</Why>
          </div>
        )
      ) : null}
      {error === null || isDeciding ? null : <ProblemNotice error={error} />}
      <DecideDialog
        request={request}
        isOpen={isDeciding}
        isBusy={move.isPending}
        error={move.error}
        onDecide={(decision, answer) => move.mutate({ kind: "decide", decision, answer })}
        onClose={() => {
          setIsDeciding(false);
          move.reset();
        }}
      />
    </article>
  );
}

function DecideDialog(given: {
  request: PersonsRequest;
  isOpen: boolean;
  isBusy: boolean;
  error: unknown;
  onDecide: (decision: (typeof requestDecisions)[number], answer: string) => void;
  onClose: () => void;
}) {
  const { w } = useWords();
  const words = w.requests;
  const [answer, setAnswer] = useState("");
  const { request } = given;
  return (
    <Modal opened={given.isOpen} onClose={given.onClose} title={words.decideTitle} closeButtonProps={{ "aria-label": w.act.close }}>
      <div className="column">
        {request.kind === "suspension" ? <p>{words.suspendsAtOnce}</p> : null}
        {request.identityCheck === "none" ? <p>{words.identityFirst}</p> : null}
        <Textarea
          label={words.answer}
          description={words.textHelp}
          rows={4}
          maxLength={2000}
          value={answer}
          data-autofocus
          autoComplete="off"
          onChange={(event) => setAnswer(event.currentTarget.value)}
        />
        {given.error === null || given.error === undefined ? null : <ProblemNotice error={given.error} />}
        <div className="line">
          {requestDecisions.map((decision) => (
            <Button
              key={decision}
              variant={decision === "granted" ? "filled" : "default"}
              loading={given.isBusy}
              disabled={decision !== "refused" && request.identityCheck === "none"}
              onClick={() => given.onDecide(decision, answer.trim())}
            >
              {words.decisions[decision]}
            </Button>
          ))}
        </div>
      </div>
    </Modal>
  );
}

function RecordDialog({ customerNo, isOpen, onClose }: { customerNo: number; isOpen: boolean; onClose: () => void }) {
  const { w, date } = useWords();
  const words = w.requests;
  const [kind, setKind] = useState<(typeof requestKinds)[number]>("disclosure");
  const [receivedOn, setReceivedOn] = useState(() => todayInJapan(new Date()));
  const [channel, setChannel] = useState<(typeof requestChannels)[number]>("phone");
  const [identityCheck, setIdentityCheck] = useState<(typeof identityChecks)[number]>("none");
  const [text, setText] = useState("");
  const record = useAct(
    () => call(recordPersonRequest, { params: { customerNo }, body: { kind, receivedOn, channel, identityCheck, text } }),
    (reply) => {
      setText("");
      onClose();
      return words.recorded(date(`${reply.dueOn}T00:00:00+09:00`));
    },
  );
  return (
    <Modal opened={isOpen} onClose={onClose} title={words.recordTitle} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          record.mutate(undefined);
        }}
      >
        <NativeSelect
          label={words.kind}
          value={kind}
          data-autofocus
          data={requestKinds.map((value) => ({ value, label: words.kinds[value] }))}
          onChange={(event) => setKind(oneOf(requestKinds, event.currentTarget.value))}
        />
        <DayField
          label={words.received}
          isLabelled
          isFormSize
          isRequired
          latest={todayInJapan(new Date())}
          value={receivedOn}
          onChange={(day) => day !== undefined && setReceivedOn(day)}
        />
        <NativeSelect
          label={words.channel}
          value={channel}
          data={requestChannels.map((value) => ({ value, label: words.channels[value] }))}
          onChange={(event) => setChannel(oneOf(requestChannels, event.currentTarget.value))}
        />
        <NativeSelect
          label={words.identity}
          value={identityCheck}
          data={identityChecks.map((value) => ({ value, label: words.identities[value] }))}
          onChange={(event) => setIdentityCheck(oneOf(identityChecks, event.currentTarget.value))}
        />
        <Textarea
          label={words.text}
          description={words.textHelp}
          rows={4}
          maxLength={2000}
          value={text}
          autoComplete="off"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {record.error === null ? null : <ProblemNotice error={record.error} />}
        <DialogActs onCancel={onClose} label={words.record} isBusy={record.isPending} />
      </form>
    </Modal>
  );
}
