import { Kbd, Modal } from "@mantine/core";
import { useContext } from "react";
import styles from "#web/app/keyboard-sheet.module.css";
import { KeysContext } from "#web/parts/use-keys.ts";
import { useWords } from "#web/words/words.ts";

interface Line {
  readonly names: readonly string[];
  readonly what: string;
}

const sameKeys: Readonly<Record<string, string>> = { ArrowDown: "j", ArrowUp: "k", End: "Home" };
const shownKeys: Readonly<Record<string, readonly string[]>> = { j: ["j", "↓"], k: ["k", "↑"], Escape: ["Esc"], Home: ["Home", "End"] };

/** All keys of the product with what they do, unless a screen says otherwise. */
function useKeyWords(): Readonly<Record<string, string>> {
  const { w } = useWords();
  return {
    "/": w.keys.search,
    j: w.keys.down,
    k: w.keys.up,
    Home: w.help.keys.ends,
    Enter: w.keys.open,
    e: w.keys.edit,
    r: w.keys.reveal,
    c: w.uses.callKey,
    m: w.uses.mailKey,
    n: w.activities.keys.note,
    s: w.list.keyStar,
    x: w.list.keyChoose,
    d: w.activities.keys.done,
    p: w.activities.keys.day,
    w: w.activities.keys.week,
    o: w.help.keys.full,
  };
}

/** The keys that work on this screen now, those that work anywhere, and the rest. */
export function KeyboardSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { w } = useWords();
  return (
    <Modal opened={isOpen} onClose={onClose} title={w.keys.title} size="md" closeButtonProps={{ "aria-label": w.act.close }}>
      <Keys />
    </Modal>
  );
}

function Keys() {
  const { w } = useWords();
  const registered = useContext(KeysContext);
  const words = useKeyWords();
  const now = new Map<string, string>();
  for (const tell of registered ?? []) {
    const { keys, names } = tell();
    for (const key of keys) {
      const shown = sameKeys[key] ?? key;
      const what = names[key] ?? words[shown];
      if (what !== undefined) now.set(shown, what);
    }
  }
  const lineOf = ([key, what]: readonly [string, string]): Line => ({ names: shownKeys[key] ?? [key], what });
  const inOrder = [...Object.keys(words), ...now.keys()];
  const here = [...now].sort(([a], [b]) => inOrder.indexOf(a) - inOrder.indexOf(b)).map(lineOf);
  if (now.has("x")) here.push({ names: ["Ctrl", "A"], what: w.list.keyChooseAll });
  const anywhere: readonly Line[] = [
    { names: ["Ctrl", "K"], what: w.list.keyPalette },
    { names: ["F1"], what: w.help.title },
    { names: ["?"], what: w.keys.help },
    { names: ["Esc"], what: w.keys.close },
  ];
  const elsewhere = Object.entries(words)
    .filter(([key]) => !now.has(key))
    .map(lineOf);
  return (
    <div className={styles["sheet"]}>
      <Section title={w.help.keys.here} lines={here} />
      <Section title={w.help.keys.anywhere} lines={anywhere} />
      <Section title={w.help.keys.elsewhere} lines={elsewhere} />
    </div>
  );
}

function Section({ title, lines }: { title: string; lines: readonly Line[] }) {
  if (lines.length === 0) return null;
  return (
    <section>
      <h2 className="soft small">{title}</h2>
      <dl className={styles["keys"]}>
        {lines.map(({ names, what }) => (
          <div key={`${names.join()} ${what}`}>
            <dt>
              {names.map((name) => (
                <Kbd key={name}>{name}</Kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
