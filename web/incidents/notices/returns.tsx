import { Button, FileButton, Textarea } from "@mantine/core";
import { useState } from "react";
import { mostBounceChars, takeBounces, takeReturned } from "#shared/incident-notices.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/notices/notices.module.css";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { useWords } from "#web/words/words.ts";

/** So many messages go in one request. */
const atATime = 10;
const mostBytes = Math.floor((mostBounceChars * 3) / 4);

/** What came back: mails as files, letters by their numbers. */
export function Returns({ incidentNo }: { incidentNo: number }) {
  const { w } = useWords();
  const words = w.incidentNotices;
  return (
    <section className={styles["notice"]} aria-label={words.returns}>
      <h3>{words.returns}</h3>
      <p className="small soft">{words.returnsLead}</p>
      <Bounces incidentNo={incidentNo} />
      <Letters incidentNo={incidentNo} />
    </section>
  );
}

function Bounces({ incidentNo }: { incidentNo: number }) {
  const { w } = useWords();
  const words = w.incidentNotices;
  const [isOver, setIsOver] = useState(false);
  const [told, setTold] = useState("");
  const take = useIncidentAct(async (files: readonly File[]) => {
    const fitting = files.filter((file) => file.size <= mostBytes);
    let [bounced, unknown] = [0, 0];
    for (let at = 0; at < fitting.length; at += atATime) {
      setTold(words.taking(at, fitting.length));
      const messages = await Promise.all(fitting.slice(at, at + atATime).map(base64Of));
      const { results } = await call(takeBounces, { params: { incidentNo }, body: { messages } });
      bounced += results.filter(({ outcome }) => outcome === "bounced").length;
      unknown += results.filter(({ outcome }) => outcome === "unknown").length;
    }
    const tooLarge = files.length - fitting.length;
    setTold(`${words.took(bounced, unknown)}${tooLarge > 0 ? ` ${words.tooLarge(tooLarge)}` : ""}`);
  });
  const give = (files: readonly File[]): void => {
    if (files.length > 0 && !take.isPending) take.mutate(files);
  };
  return (
    <div
      className={styles["drop"]}
      {...(isOver ? { "data-over": true } : {})}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        give([...event.dataTransfer.files]);
      }}
    >
      <div className="column tight" style={{ alignItems: "center" }}>
        <p>{words.drop}</p>
        <FileButton multiple accept=".eml,message/rfc822" onChange={give} inputProps={{ "aria-label": words.choose }}>
          {(props) => (
            <Button {...props} variant="default" size="xs" loading={take.isPending}>
              {words.choose}
            </Button>
          )}
        </FileButton>
        <p className="small soft" role="status" style={{ minHeight: "1.5em" }}>
          {told}
        </p>
      </div>
    </div>
  );
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function Letters({ incidentNo }: { incidentNo: number }) {
  const { w, list } = useWords();
  const words = w.incidentNotices;
  const [text, setText] = useState("");
  const [told, setTold] = useState("");
  const numbers = text
    .split(/[\n,、]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const take = useIncidentAct(async () => {
    const { results } = await call(takeReturned, { params: { incidentNo }, body: { numbers } });
    const wrong = numbers.filter((_, at) => results[at]?.outcome === "misread" || results[at]?.outcome === "unknown");
    setText(wrong.join("\n"));
    const returned = results.filter(({ outcome }) => outcome === "returned").length;
    setTold(`${words.tookLetters(returned)}${wrong.length > 0 ? ` ${words.wrongNumbers(wrong.length, list(wrong.slice(0, 5)))}` : ""}`);
  });
  return (
    <form
      className="column tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (numbers.length > 0) take.mutate(undefined);
      }}
    >
      <Textarea
        label={words.letterNumbers}
        description={words.letterHelp}
        rows={3}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="line">
        <Button type="submit" variant="default" loading={take.isPending} disabled={numbers.length === 0}>
          {words.takeLetters}
        </Button>
        <span className="small soft" role="status">
          {told}
        </span>
      </div>
    </form>
  );
}
