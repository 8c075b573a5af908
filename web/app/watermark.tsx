import { useEffect, useState } from "react";
import styles from "#web/app/watermark.module.css";
import { textOf } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/**
 * The reader's name and the time, faint over everything that is shown: a photograph of the screen says whose it was.
 * It deters; a browser cannot forbid a camera.
 */
export function Watermark() {
  const { staffName, accountNo } = useMe();
  const { dateTime, w } = useWords();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  const text = `${textOf(staffName) ?? w.settings.ofNumber(accountNo)}  ${dateTime(now.toISOString())}`.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? "");
  const tile = `<svg xmlns="http://www.w3.org/2000/svg" width="420" height="220"><text x="20" y="150" transform="rotate(-20 210 110)" font-family="sans-serif" font-size="15" fill="#808080">${text}</text></svg>`;
  return <div aria-hidden="true" className={styles["watermark"]} style={{ backgroundImage: `url("data:image/svg+xml,${encodeURIComponent(tile)}")` }} />;
}
