import { ActionIcon, Popover, useMantineColorScheme } from "@mantine/core";
import { Link, useRouteContext } from "@tanstack/react-router";
import {
  IconArrowBackUp,
  IconBook2,
  IconDeviceDesktop,
  IconDownload,
  IconEye,
  IconHelp,
  IconKeyboard,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconShieldLock,
  IconSun,
  IconTrash,
  IconUserCircle,
} from "@tabler/icons-react";
import { useState } from "react";
import styles from "#web/app/account-menu.module.css";
import { useInstall } from "#web/app/install-offer.ts";
import type { Doorway } from "#web/app/router.tsx";
import { useHelp } from "#web/help/use-help.ts";
import { textOf } from "#web/parts/use-directory.ts";
import { useMay, useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** Who I am, my record, my devices, the language, the display, and the way out. */
export function AccountMenu({ onKeys }: { onKeys: () => void }) {
  const { w, language, speak, label } = useWords();
  const { signOut }: Doorway = useRouteContext({ strict: false });
  const mine = useMe();
  const may = useMay();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [isOpen, setIsOpen] = useState(false);
  const other = language === "ja" ? "en" : "ja";
  const openHelp = useHelp();
  const install = useInstall();
  const close = () => setIsOpen(false);
  const schemes = [
    { value: "light", name: w.nav.themeLight, Icon: IconSun },
    { value: "dark", name: w.nav.themeDark, Icon: IconMoon },
    { value: "auto", name: w.nav.themeAuto, Icon: IconDeviceDesktop },
  ] as const;
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" width={264} trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon size={40} aria-label={w.nav.account} onClick={() => setIsOpen(!isOpen)}>
          <IconUserCircle size={22} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={4} aria-label={w.nav.account}>
        <div className={styles["who"]}>
          <strong>{textOf(mine.staffName) ?? w.settings.ofNumber(mine.accountNo)}</strong>
          <span>
            {mine.organisation} {mine.departments.map((one) => one.name).join("・")}
          </span>
          <span>{mine.roles.map(label).join("・")}</span>
        </div>
        <ul className={styles["acts"]}>
          <li>
            <Link to="/record" onClick={close}>
              <IconBook2 size={16} aria-hidden /> {w.nav.ownRecord}
            </Link>
          </li>
          <li>
            <Link to="/monitoring" onClick={close}>
              <IconEye size={16} aria-hidden /> {w.monitoring.menu}
            </Link>
          </li>
          {may("delete") ? (
            <li>
              <Link to="/trash" onClick={close}>
                <IconTrash size={16} aria-hidden /> {w.bulk.trashTitle}
              </Link>
            </li>
          ) : null}
          {may("bulk") ? (
            <li>
              <Link to="/operations" onClick={close}>
                <IconArrowBackUp size={16} aria-hidden /> {w.bulk.operations}
              </Link>
            </li>
          ) : null}
          <li>
            <Link to="/settings/$section" params={{ section: "own" }} onClick={close}>
              <IconShieldLock size={16} aria-hidden /> {w.nav.ownSettings}
            </Link>
          </li>
          <li>
            <button
              type="button"
              onClick={() => {
                close();
                onKeys();
              }}
            >
              <IconKeyboard size={16} aria-hidden /> {w.nav.keys}
            </button>
          </li>
          <li>
            <button
              type="button"
              onClick={() => {
                close();
                openHelp?.();
              }}
            >
              <IconHelp size={16} aria-hidden /> {w.help.title}
            </button>
          </li>
          {install === undefined ? null : install.kind === "offer" ? (
            <li>
              <button
                type="button"
                onClick={() => {
                  close();
                  install.install();
                }}
              >
                <IconDownload size={16} aria-hidden /> {w.help.phone.install}
              </button>
            </li>
          ) : (
            <li className={`${styles["told"]} small soft`}>{w.help.phone.installIphone}</li>
          )}
          <li>
            <button type="button" lang={other} onClick={() => speak(other)}>
              <IconLanguage size={16} aria-hidden /> {w.nav.language}
            </button>
          </li>
        </ul>
        <ul className={styles["acts"]} aria-label={w.nav.theme}>
          {schemes.map(({ value, name, Icon }) => (
            <li key={value}>
              <button type="button" aria-pressed={colorScheme === value} onClick={() => setColorScheme(value)}>
                <Icon size={16} aria-hidden /> {name}
              </button>
            </li>
          ))}
        </ul>
        <ul className={styles["acts"]}>
          <li>
            <button type="button" onClick={signOut}>
              <IconLogout size={16} aria-hidden /> {w.nav.signOut}
            </button>
          </li>
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
