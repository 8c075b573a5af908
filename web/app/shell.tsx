import { ActionIcon } from "@mantine/core";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import {
  IconBook2,
  IconBuilding,
  IconFileExport,
  IconFileImport,
  IconHandStop,
  IconHeadset,
  IconHelp,
  IconHome,
  IconRubberStamp,
  IconSearch,
  IconSettings,
  IconUrgent,
  IconUserShield,
  IconUsers,
} from "@tabler/icons-react";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { BottomBar } from "#web/app/bottom-bar.tsx";
import { ImportWatch } from "#web/app/import-watch.tsx";
import { KeyboardSheet } from "#web/app/keyboard-sheet.tsx";
import styles from "#web/app/shell.module.css";
import { AccountMenu } from "#web/app/account-menu.tsx";
import { Watermark } from "#web/app/watermark.tsx";
import { useCopyGuard } from "#web/app/use-copy-guard.ts";
import { useDialogTyping } from "#web/app/use-dialog-typing.ts";
import { useNewerVersion } from "#web/app/use-newer-version.ts";
import { IncidentBar } from "#web/incidents/incident-bar.tsx";
import { StandingBar } from "#web/measures/standing-bar.tsx";
import { RevealMemory } from "#web/customers/use-reveal.tsx";
import type { ArticleSlug } from "#web/help/article-order.ts";
import { HelpContext } from "#web/help/use-help.ts";
import { ListPlaces } from "#web/parts/data-table.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { Seal } from "#web/parts/seal.tsx";
import { SidePanel } from "#web/parts/side-panel.tsx";
import { KeysContext, useKeys, type RegisteredKeys } from "#web/parts/use-keys.ts";
import { useIsAtDeskAlone, useMay, useMe } from "#web/parts/use-me.ts";
import { usePeek } from "#web/parts/use-peek.ts";
import { Why } from "#web/parts/why.tsx";
import { useWords } from "#web/words/words.ts";

const CommandPalette = lazy(() => import("#web/app/command-palette.tsx").then((room) => ({ default: room.CommandPalette })));
const HelpPanel = lazy(() => import("#web/help/help-panel.tsx").then((room) => ({ default: room.HelpPanel })));
const Preview = lazy(() => import("#web/app/preview.tsx").then((room) => ({ default: room.Preview })));

/** What the signed-in person can go to. The server said what they may. */
function useDestinations() {
  const { w } = useWords();
  const { mayRead } = useMe();
  const may = useMay();
  const isAtDeskAlone = useIsAtDeskAlone();
  if (isAtDeskAlone) return [{ to: "/desk", label: w.desk.title, Icon: IconHeadset, isOpen: true }];
  return [
    { to: "/", label: w.nav.home, Icon: IconHome, isOpen: true },
    { to: "/customers", label: w.nav.customers, Icon: IconUsers, isOpen: mayRead.customer },
    { to: "/companies", label: w.nav.companies, Icon: IconBuilding, isOpen: mayRead.company },
    { to: "/import", label: w.nav.imports, Icon: IconFileImport, isOpen: may("import") },
    { to: "/requests", label: w.requests.title, Icon: IconUserShield, isOpen: may("answer-person") },
    { to: "/lists", label: w.lists.nav, Icon: IconFileExport, isOpen: may("export") || may("approve") },
    { to: "/approvals", label: w.approvals.title, Icon: IconRubberStamp, isOpen: may("approve") },
    { to: "/ledger", label: w.nav.ledger, Icon: IconBook2, isOpen: may("read-ledger") || may("verify-ledger") },
    { to: "/incidents", label: w.incidents.nav, Icon: IconUrgent, isOpen: may("handle-incidents") },
    { to: "/measures", label: w.measures.title, Icon: IconHandStop, isOpen: may("take-measures") },
    { to: "/settings", label: w.nav.settings, Icon: IconSettings, isOpen: true },
  ].filter((one) => one.isOpen);
}

function ViewedToday() {
  const { w } = useWords();
  const { viewedToday } = useMe();
  return (
    <Link to="/record" className={styles["viewed"]} title={w.nav.viewedTodayWhy}>
      {w.nav.viewedToday(viewedToday)}
    </Link>
  );
}

/** Ctrl+K and ⌘K, from wherever one is, even while typing. */
function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k" || event.isComposing) return;
      event.preventDefault();
      if (document.querySelector("[aria-modal=true]") === null) open();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [open]);
}

/** F1, even while typing: the browser's own help would lead away. */
function useHelpKey(open: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "F1" || event.isComposing) return;
      event.preventDefault();
      if (document.querySelector("[aria-modal=true]") === null) open();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [open]);
}

export function Shell() {
  const { w } = useWords();
  const { combinedOffice } = useMe();
  const { peek, hide } = usePeek();
  const destinations = useDestinations();
  const [hasSheet, setHasSheet] = useState(false);
  useKeys({ "?": () => setHasSheet(true) });
  const [hasPalette, setHasPalette] = useState(false);
  const isAtDeskAlone = useIsAtDeskAlone();
  usePaletteKey(useCallback(() => setHasPalette(!isAtDeskAlone), [isAtDeskAlone]));
  const [help, setHelp] = useState<{ readonly slug: ArticleSlug | undefined }>();
  const openHelp = useCallback((slug?: ArticleSlug) => setHelp({ slug }), []);
  useHelpKey(openHelp);
  const [registered] = useState<RegisteredKeys>(() => new Set());
  useCopyGuard();
  useDialogTyping();
  useNewerVersion();
  const main = useRef<HTMLElement>(null);
  const [places] = useState(() => new Map<string, number>());
  const { pathname } = useLocation();
  useEffect(() => {
    main.current?.scrollTo({ top: 0 });
  }, [pathname]);
  return (
    <ImportWatch>
      <RevealMemory>
        <HelpContext value={openHelp}>
          <KeysContext value={registered}>
            <a href="#main" className={styles["skip"]}>
              {w.nav.skip}
            </a>
            <div className={styles["shell"]}>
              <header className={styles["bar"]} data-screen-only>
                <Link to="/" className={styles["brand"]}>
                  <Seal />
                  <span>{w.product}</span>
                </Link>
                <nav aria-label={w.nav.main} className={styles["nav"]}>
                  {destinations.map(({ to, label }) => (
                    <Link key={to} to={to} activeOptions={{ exact: to === "/", includeSearch: false }} activeProps={{ "data-here": true }}>
                      {label}
                    </Link>
                  ))}
                </nav>
                <div className={styles["end"]}>
                  {combinedOffice ? (
                    <span className={styles["combined"]}>
                      <Mark tone="look">{w.nav.combined}</Mark> <Why>{w.nav.combinedWhy}</Why>
                    </span>
                  ) : null}
                  {isAtDeskAlone ? null : (
                    <>
                      <button
                        type="button"
                        className={styles["find"]}
                        aria-label={w.list.paletteSearch}
                        aria-keyshortcuts="Control+K Meta+K"
                        onClick={() => setHasPalette(true)}
                      >
                        <IconSearch size={18} aria-hidden />
                        <span>{w.list.paletteSearch}</span>
                      </button>
                      <ViewedToday />
                    </>
                  )}
                  <ActionIcon size={40} className={styles["help"] ?? ""} aria-label={w.help.title} aria-keyshortcuts="F1" title="F1" onClick={() => openHelp()}>
                    <IconHelp size={20} />
                  </ActionIcon>
                  <AccountMenu onKeys={() => setHasSheet(true)} />
                </div>
              </header>
              <IncidentBar />
              <StandingBar />
              <div className={styles["work"]}>
                <main ref={main} id="main" tabIndex={-1} className={styles["main"]}>
                  <Suspense fallback={null}>
                    <ListPlaces value={places}>
                      <Outlet />
                    </ListPlaces>
                  </Suspense>
                </main>
                {help !== undefined ? (
                  <Suspense fallback={null}>
                    <HelpPanel slug={help.slug} onGo={(slug) => setHelp({ slug })} onClose={() => setHelp(undefined)} />
                  </Suspense>
                ) : peek === undefined ? null : (
                  <SidePanel
                    label={w.nav[peek.kind === "customer" ? "customers" : peek.kind === "company" ? "companies" : peek.kind === "event" ? "ledger" : "account"]}
                    focusKey={`${peek.kind}-${peek.no}`}
                    onClose={hide}
                  >
                    <Suspense fallback={null}>
                      <Preview key={`${peek.kind}-${peek.no}`} peek={peek} />
                    </Suspense>
                  </SidePanel>
                )}
              </div>
              <BottomBar destinations={destinations} onFind={isAtDeskAlone ? undefined : () => setHasPalette(true)} onHelp={() => openHelp()} />
            </div>
            <p className="print-only">{w.print.refused}</p>
            <Watermark />
            {hasPalette ? (
              <Suspense fallback={null}>
                <CommandPalette destinations={destinations} onKeys={() => setHasSheet(true)} onClose={() => setHasPalette(false)} />
              </Suspense>
            ) : null}
            <KeyboardSheet isOpen={hasSheet} onClose={() => setHasSheet(false)} />
          </KeysContext>
        </HelpContext>
      </RevealMemory>
    </ImportWatch>
  );
}
