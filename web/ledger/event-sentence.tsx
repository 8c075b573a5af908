import { Fragment, type ReactNode } from "react";
import { describeSubject, isBeforeSignIn, subjectsToTell, verbOf, type LedgerEvent, type Named } from "#web/ledger/describe-event.ts";
import styles from "#web/ledger/ledger.module.css";
import { AccountChip, CompanyChip, CustomerChip } from "#web/parts/chip.tsx";
import { textOf, useAllFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useEventName } from "#web/words/event-names.ts";
import { useWords } from "#web/words/words.ts";

const namedAtMost = 3;
const fieldsAtMost = 2;

/** The labels of fields by their keys, of customers, companies and members of staff. */
export function useFieldNames(): (key: string) => string {
  const { w, label } = useWords();
  const fields = [...useAllFields("customer"), ...useAllFields("company")];
  return (key) => {
    const field = fields.find((one) => one.key === key);
    if (field !== undefined) return label(field);
    return key === "staffName" ? w.settings.name : key === "staffMail" ? w.settings.mail : key;
  };
}

/** An event as a sentence: who did what with whom. Names stand in it only where they were asked for. */
export function EventSentence({ event, names, hasWho }: { event: LedgerEvent; names: Named; hasWho: boolean }) {
  const { w, list } = useWords();
  const eventName = useEventName();
  const fieldName = useFieldNames();
  const verb = verbOf(event);
  const fields = [...event.fields].sort((a, b) => Number(b.how === "full") - Number(a.how === "full"));
  const told = list(fields.slice(0, fieldsAtMost).map(({ field, how }) => (how === "full" ? fieldName(field) : w.person.partial(fieldName(field)))));
  const parts: Readonly<Record<string, ReactNode>> = {
    who: <AccountChip no={event.accountNo} nobody={isBeforeSignIn(event) ? w.ledger.anyone : undefined} />,
    whom: <Whom event={event} names={names} />,
    fields: fields.length > fieldsAtMost ? w.records.moreFields(told, fields.length - fieldsAtMost) : told,
    verb: verb === undefined ? "" : w.records.verbs[verb],
    // Where nobody is named before it.
    Verb: verb === undefined ? "" : firstUpper(w.records.verbs[verb]),
    act: eventName(event.type),
  };
  const hasWhom = whomToTell(event).length > 0;
  const { records } = w;
  const sentence =
    verb !== undefined
      ? hasWho
        ? records.saw
        : records.sawOwn
      : hasWhom
        ? hasWho
          ? records.didTo
          : records.didOwnTo
        : hasWho
          ? records.did
          : records.didOwn;
  return (
    <span className={styles["sentence"]}>
      {sentence.split(/\{(\w+)\}/).map((part, index) => (
        <Fragment key={index}>{index % 2 === 0 ? part : parts[part]}</Fragment>
      ))}
      {event.query === null ? null : (
        <span className="small soft">
          {" "}
          {w.ledger.query}: <Value shown={event.query} isBare />
        </span>
      )}
    </span>
  );
}

function firstUpper(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Whoever looked at nobody but themselves is told once. */
function whomToTell(event: LedgerEvent): LedgerEvent["subjects"] {
  return subjectsToTell(event).filter(({ kind, count, first }) => !(kind === "account" && count === 1 && first[0] === event.accountNo));
}

function Whom({ event, names }: { event: LedgerEvent; names: Named }) {
  const { w, language } = useWords();
  return whomToTell(event).map((subject, index) => (
    <Fragment key={subject.kind}>
      {index === 0 ? null : language === "ja" ? "・" : ", "}
      {subject.count <= namedAtMost && subject.count === subject.first.length && isChip(subject.kind)
        ? subject.first.map((no) => <SubjectChip key={no} kind={subject.kind} no={no} names={names} />)
        : describeSubject(subject, w)}
    </Fragment>
  ));
}

function isChip(kind: string): boolean {
  return ["customer", "company", "account"].includes(kind);
}

/** A record that an event speaks of: by name where one is shown, else by number. */
export function SubjectChip({ kind, no, names }: { kind: string; no: number; names: Named }) {
  const { w } = useWords();
  const name = textOf(names.get(`${kind} ${no}`));
  if (kind === "account") return <AccountChip no={no} />;
  if (kind !== "customer" && kind !== "company") return <span>{kind === "import" ? w.imports.ofNumber(no) : `${kind} ${no}`}</span>;
  const chip = kind === "customer" ? <CustomerChip no={no} name={name} /> : <CompanyChip no={no} name={name} />;
  return name === undefined ? chip : <span data-personal>{chip}</span>;
}
