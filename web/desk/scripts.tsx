import { Tabs } from "@mantine/core";
import type { DeskAnswer, DeskScript, showScripts } from "#shared/desk.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import styles from "#web/desk/desk.module.css";
import { textOf } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

const passageOf: Readonly<Record<DeskAnswer, string>> = { affected: "answer.affected", unaffected: "answer.unaffected", checking: "answer.possible" };

type Entry = DeskScript["sections"][number]["entries"][number];
const wordsOf = (entry: Entry): string => entry.pieces.map((piece) => (piece.kind === "plain" ? piece.text : (textOf(piece.text) ?? ""))).join("");

/** The words that the approved script has for an answer. */
export function phraseOf(script: DeskScript | null, answer: DeskAnswer): string | undefined {
  const entry = script?.sections.flatMap((section) => section.entries).find((one) => one.key === passageOf[answer]);
  return entry === undefined ? undefined : wordsOf(entry);
}

/** Script and answers in force, beside the call. */
export function Scripts({ scripts }: { scripts: ReplyOf<typeof showScripts> | undefined }) {
  const { w, dateTime } = useWords();
  const words = w.desk;
  if (scripts === undefined) return <p className="soft">{w.act.loading}</p>;
  const papers = (["script", "faq"] as const).flatMap((key) => (scripts[key] === null ? [] : [{ key, paper: scripts[key] }]));
  const [first] = papers;
  if (first === undefined) return <p className="soft">{words.noScript}</p>;
  return (
    <Tabs defaultValue={first.key}>
      <Tabs.List>
        {papers.map(({ key }) => (
          <Tabs.Tab key={key} value={key}>
            {words[key]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {papers.map(({ key, paper }) => (
        <Tabs.Panel key={key} value={key}>
          <div className={`${styles["script"] ?? ""} column tight`} tabIndex={0} role="region" aria-label={words[key]}>
            <p className="small soft">
              {words.version(paper.version)} {words.approvedAt(dateTime(paper.approvedAt))}
            </p>
            {paper.sections.map((section) => (
              <section key={section.key}>
                {section.title === null ? null : <h3>{section.title}</h3>}
                <dl>
                  {section.entries.map((entry) => (
                    <div key={entry.key}>
                      <dt>{entry.label}</dt>
                      <dd>{wordsOf(entry)}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
