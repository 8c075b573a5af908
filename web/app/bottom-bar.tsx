import { Drawer } from "@mantine/core";
import { Link, useLocation } from "@tanstack/react-router";
import { IconDots, IconHelp, IconSearch, type Icon } from "@tabler/icons-react";
import { useState } from "react";
import styles from "#web/app/bottom-bar.module.css";
import { useWords } from "#web/words/words.ts";

export interface BarPlace {
  readonly to: string;
  readonly label: string;
  readonly Icon: Icon;
}

/** What a thumb wants first; of the last three, the first that is open to this person. */
const atHand = ["/", "/customers", "/desk"];
const third = ["/approvals", "/companies", "/ledger"];

/** On a phone: four places that the thumb reaches, and the rest behind one. */
export function BottomBar({ destinations, onFind, onHelp }: { destinations: readonly BarPlace[]; onFind: (() => void) | undefined; onHelp: () => void }) {
  const { w } = useWords();
  const { pathname } = useLocation();
  const [isMore, setIsMore] = useState(false);
  const extra = third.find((to) => destinations.some((one) => one.to === to));
  const shown = destinations.filter(({ to }) => atHand.includes(to) || to === extra);
  const rest = destinations.filter((one) => !shown.includes(one));
  const isIn = (to: string): boolean => (to === "/" ? pathname === "/" : pathname === to || pathname.startsWith(`${to}/`));
  const place = ({ to, label, Icon: Sign }: BarPlace) => (
    <Link
      key={to}
      to={to}
      className={styles["place"]}
      data-here={isIn(to) || undefined}
      aria-current={isIn(to) ? "page" : undefined}
      onClick={() => setIsMore(false)}
    >
      <Sign size={22} aria-hidden />
      <span>{label}</span>
    </Link>
  );
  const first = shown.filter(({ to }) => atHand.includes(to));
  return (
    <>
      <nav aria-label={w.nav.main} className={styles["bar"]} data-screen-only>
        {first.map(place)}
        {onFind === undefined ? null : (
          <button type="button" className={styles["place"]} onClick={onFind}>
            <IconSearch size={22} aria-hidden />
            <span>{w.list.paletteSearch}</span>
          </button>
        )}
        {shown.filter((one) => !first.includes(one)).map(place)}
        <button
          type="button"
          className={styles["place"]}
          aria-haspopup="dialog"
          aria-expanded={isMore}
          data-here={rest.some(({ to }) => isIn(to)) || undefined}
          onClick={() => setIsMore(true)}
        >
          <IconDots size={22} aria-hidden />
          <span>{w.help.phone.more}</span>
        </button>
      </nav>
      <Drawer
        opened={isMore}
        onClose={() => setIsMore(false)}
        position="bottom"
        size="auto"
        title={w.help.phone.more}
        closeButtonProps={{ "aria-label": w.act.close }}
        classNames={{ content: styles["sheet"] ?? "" }}
      >
        <div className={styles["more"]}>
          {rest.map(place)}
          <button
            type="button"
            className={styles["place"]}
            onClick={() => {
              setIsMore(false);
              onHelp();
            }}
          >
            <IconHelp size={22} aria-hidden />
            <span>{w.help.title}</span>
          </button>
        </div>
      </Drawer>
    </>
  );
}
