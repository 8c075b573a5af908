import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { reportIncident } from "#shared/incident-signals.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/incidents.module.css";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { FrontPage } from "#web/session/front-page.tsx";
import { useWords } from "#web/words/words.ts";

/** The form by which anybody on the intranet says that something may have leaked. It reads nothing back but the receipt. */
export function ReportPage() {
  const { w } = useWords();
  const words = w.incidents.report;
  const [text, setText] = useState("");
  const [contact, setContact] = useState("");
  const send = useMutation({ mutationFn: () => call(reportIncident, { body: { text: text.trim(), contact: contact.trim() } }) });
  if (send.data !== undefined) {
    return (
      <FrontPage title={words.done}>
        <p>
          {words.receipt}
          <br />
          <output className={styles["receipt"]}>{send.data.receipt}</output>
        </p>
        <p>{words.doneHelp}</p>
        <div className="line apart">
          <Button
            variant="default"
            onClick={() => {
              setText("");
              send.reset();
            }}
          >
            {words.another}
          </Button>
          <a href="/">{words.back}</a>
        </div>
      </FrontPage>
    );
  }
  return (
    <FrontPage title={words.title} lead={words.lead}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") send.mutate();
        }}
      >
        {send.error === null ? null : <ProblemNotice error={send.error} />}
        <Textarea
          label={words.text}
          description={words.textHelp}
          value={text}
          required
          withAsterisk={false}
          autosize
          minRows={5}
          maxRows={14}
          maxLength={2000}
          autoComplete="off"
          autoFocus
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <TextInput
          label={words.contact}
          description={words.contactHelp}
          value={contact}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setContact(event.currentTarget.value)}
        />
        <Button type="submit" loading={send.isPending} disabled={text.trim() === ""}>
          {words.send}
        </Button>
        <p className="small">
          <a href="/">{words.back}</a>
        </p>
      </form>
    </FrontPage>
  );
}
