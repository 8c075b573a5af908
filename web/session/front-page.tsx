import { useEffect, type ReactNode } from "react";
import { Seal } from "#web/parts/seal.tsx";
import styles from "#web/session/front-page.module.css";
import { useWords } from "#web/words/words.ts";

/** The outside of the storehouse: sign-in, set-up and enrolment. */
export function FrontPage({ title, lead, isWide = false, children }: { title: string; lead?: ReactNode; isWide?: boolean; children: ReactNode }) {
  const { w, language, speak } = useWords();
  useEffect(() => {
    document.title = `${title} - ${w.product}`;
  }, [title, w]);
  return (
    <div className={styles["page"]}>
      <header className={styles["head"]} data-screen-only>
        <span className={styles["brand"]}>
          <Seal size={36} />
          <span>
            <strong>{w.product}</strong>
            <span className="soft small">{w.motto}</span>
          </span>
        </span>
        <button type="button" className={styles["language"]} lang={language === "ja" ? "en" : "ja"} onClick={() => speak(language === "ja" ? "en" : "ja")}>
          {w.nav.language}
        </button>
      </header>
      <main className={styles["main"]} data-wide={isWide || undefined}>
        <div className="column tight">
          <h1>{title}</h1>
          {lead === undefined ? null : <p className="soft">{lead}</p>}
        </div>
        {children}
      </main>
    </div>
  );
}

/** Where one stands in a row of steps. */
export function Steps({ names, at }: { names: readonly string[]; at: number }) {
  return (
    <ol className={styles["steps"]}>
      {names.map((name, index) => (
        <li key={name} {...(index === at ? { "aria-current": "step" as const } : {})} data-past={index < at || undefined}>
          <span>{index + 1}</span> {name}
        </li>
      ))}
    </ol>
  );
}
