import { Kbd, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconBuilding, IconChevronRight, IconUser } from "@tabler/icons-react";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { listCompanies, openView } from "#shared/customers.ts";
import styles from "#web/app/command-palette.module.css";
import { call } from "#web/call.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useFields } from "#web/parts/use-directory.ts";
import { useMay, useMe } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

const restMilliseconds = 150;
const mostPeople = 8;
const mostCompanies = 4;
/** What is fetched of a person here counts as seen, so it is only what tells one from another. */
const columns = ["fullName", "kana", "companyName"];

export interface Destination {
  readonly to: string;
  readonly label: string;
}
interface Entry {
  readonly key: string;
  readonly section: string;
  readonly text: ReactNode;
  readonly keys?: readonly string[];
  readonly act: () => void;
}

/** What was typed once the typing rests; a conversion of the input method never counts. */
function useRested(text: string, isComposing: boolean): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    if (isComposing) return;
    const timer = setTimeout(() => setRested(text.trim()), restMilliseconds);
    return () => clearTimeout(timer);
  }, [text, isComposing]);
  return rested;
}

/** The people that a word finds, or with no word those starred and looked at last. */
function usePeople(word: string) {
  const { mayRead } = useMe();
  const fields = useFields("customer");
  const readable = columns.filter((key) => fields.some((field) => field.key === key && field.mayRead));
  const ask = (search: string, atHand?: "starred" | "recent") =>
    call(openView, { body: { search, ...(atHand === undefined ? {} : { filters: { atHand } }), columns: readable, first: mostPeople } });
  return useQuery({
    // Nothing typed outlives the palette.
    queryKey: ["open-view", "palette", word],
    queryFn: async () => {
      if (word !== "") return (await ask(word)).rows;
      const [starred, recent] = [await ask("", "starred"), await ask("", "recent")];
      return [...new Map([...recent.rows, ...starred.rows].map((row) => [row.customerNo, row])).values()].slice(0, mostPeople);
    },
    enabled: mayRead.customer && readable.length > 0,
    gcTime: 0,
    staleTime: 30_000,
    placeholderData: (former) => former,
  });
}

function useCompanies(word: string) {
  const { mayRead } = useMe();
  return useQuery({
    queryKey: ["companies", "palette", word],
    queryFn: async () => (await call(listCompanies, { body: { search: word, limit: mostCompanies } })).rows,
    enabled: mayRead.company && word !== "",
    gcTime: 0,
    staleTime: 30_000,
    placeholderData: (former) => former,
  });
}

/** Ctrl+K: any person, company or command. What is typed stays here and in the body of a request. */
export function CommandPalette({ destinations, onKeys, onClose }: { destinations: readonly Destination[]; onKeys: () => void; onClose: () => void }) {
  const { w } = useWords();
  const { mayRead } = useMe();
  const may = useMay();
  const navigate = useNavigate();
  const id = useId();
  const [text, setText] = useState("");
  const [isComposing, setIsComposing] = useState(false);
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const word = useRested(text, isComposing);
  const people = usePeople(word);
  const companies = useCompanies(word);
  useEffect(() => setActive(0), [word, people.data]);
  useEffect(() => {
    list.current?.querySelector(`[id="${id}-${active}"]`)?.scrollIntoView({ block: "nearest" });
  }, [active, id]);

  const go = (to: string, search: object = {}) => {
    onClose();
    void navigate({ to, search } as Parameters<typeof navigate>[0]);
  };
  const commands: readonly (Omit<Entry, "section" | "text"> & { label: string })[] = [
    ...destinations.map((one) => ({ key: one.to, label: w.list.goTo(one.label), act: () => go(one.to) })),
    ...(may("create") ? [{ key: "new", label: w.list.newCustomer, act: () => go("/customers/new") }] : []),
    ...(mayRead.customer
      ? [
          { key: "starred", label: w.list.goTo(w.list.starred), act: () => go("/customers", { hand: "starred" }) },
          { key: "recent", label: w.list.goTo(w.list.recent), act: () => go("/customers", { hand: "recent" }) },
        ]
      : []),
    { key: "record", label: w.list.goTo(w.nav.ownRecord), act: () => go("/record") },
    {
      key: "keys",
      label: w.list.showKeys,
      keys: ["?"],
      act: () => {
        onClose();
        onKeys();
      },
    },
  ];
  const typed = text.trim().toLowerCase();
  const fitting = typed === "" ? commands : commands.filter((command) => command.label.toLowerCase().includes(typed));
  const entries: readonly Entry[] = [
    ...(people.data ?? []).map((row) => ({
      key: `customer-${row.customerNo}`,
      section: w.list.palettePeople,
      act: () => go(`/customers/${row.customerNo}`),
      text: (
        <>
          <IconUser size={15} aria-hidden />
          <strong>
            <Value shown={row.values["fullName"]} isBare />
          </strong>
          <span className="small soft">
            <Value shown={row.values["kana"]} isBare />
          </span>
          <span className={styles["far"]}>
            <Value shown={row.values["companyName"]} isBare />
          </span>
        </>
      ),
    })),
    ...(word === "" ? [] : (companies.data ?? [])).map((row) => ({
      key: `company-${row.companyNo}`,
      section: w.list.paletteCompanies,
      act: () => go(`/companies/${row.companyNo}`),
      text: (
        <>
          <IconBuilding size={15} aria-hidden />
          <span>
            <Value shown={row.values["companyName"]} isBare />
          </span>
          <span className={`${styles["far"]} number`}>{w.list.people(row.customers)}</span>
        </>
      ),
    })),
    ...fitting.map((command) => ({
      key: command.key,
      section: w.list.paletteCommands,
      act: command.act,
      text: (
        <>
          <IconChevronRight size={15} aria-hidden />
          <span>{command.label}</span>
          <span className={styles["far"]}>
            {("keys" in command ? (command.keys ?? []) : []).map((name) => (
              <Kbd key={name}>{name}</Kbd>
            ))}
          </span>
        </>
      ),
    })),
  ];
  const isWaiting = people.isFetching || companies.isFetching || word !== text.trim();
  const error = people.error ?? companies.error;
  const at = Math.min(active, entries.length - 1);
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={560}
      yOffset="12vh"
      centered={false}
      attributes={{ content: { "aria-label": w.list.palette } }}
    >
      <input
        className={styles["input"]}
        type="text"
        role="combobox"
        aria-label={w.list.palette}
        aria-expanded
        aria-controls={`${id}-list`}
        {...(at >= 0 ? { "aria-activedescendant": `${id}-${at}` } : {})}
        aria-busy={isWaiting}
        placeholder={w.list.paletteHint}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onCompositionStart={() => setIsComposing(true)}
        onCompositionEnd={() => setIsComposing(false)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || event.keyCode === 229) return;
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            setActive(Math.max(0, Math.min(entries.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))));
          }
          // What stands in the list answers older words while the answer to these is on its way.
          if (event.key === "Enter" && !isWaiting) entries[at]?.act();
        }}
      />
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={w.list.palette} className={styles["list"]}>
        {entries.map((entry, place) => (
          <div key={entry.key} role="presentation">
            {entries[place - 1]?.section === entry.section ? null : (
              <div role="presentation" className={styles["section"]}>
                {entry.section}
              </div>
            )}
            <div
              id={`${id}-${place}`}
              role="option"
              aria-selected={place === at}
              className={styles["entry"]}
              onPointerMove={() => setActive(place)}
              onClick={entry.act}
            >
              {entry.text}
            </div>
          </div>
        ))}
      </div>
      {error !== null ? (
        <ProblemNotice error={error} />
      ) : entries.length === 0 && !isWaiting ? (
        <p className={`${styles["none"]} small soft`}>{w.list.paletteNone}</p>
      ) : null}
    </Modal>
  );
}
