import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { Link, useRouteContext } from "@tanstack/react-router";
import { IconBook2, IconDeviceDesktop, IconKeyboard, IconLanguage, IconLogout, IconMoon, IconShieldLock, IconSun, IconUserCircle } from "@tabler/icons-react";
import type { Doorway } from "#web/app/router.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

export function AccountMenu({ onKeys }: { onKeys: () => void }) {
  const { w, language, speak, label } = useWords();
  const { signOut }: Doorway = useRouteContext({ strict: false });
  const mine = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = [
    { value: "light", label: w.nav.themeLight, Icon: IconSun },
    { value: "dark", label: w.nav.themeDark, Icon: IconMoon },
    { value: "auto", label: w.nav.themeAuto, Icon: IconDeviceDesktop },
  ] as const;
  return (
    <Menu position="bottom-end" width={260} withinPortal>
      <Menu.Target>
        <ActionIcon size={40} aria-label={w.nav.account}>
          <IconUserCircle size={22} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <strong>{textOf(mine.staffName) ?? w.settings.ofNumber(mine.accountNo)}</strong>
          <br />
          {mine.organisation} {mine.departments.map((one) => one.name).join("・")}
          <br />
          {mine.roles.map(label).join("・")}
        </Menu.Label>
        <Menu.Item component={Link} to="/record" leftSection={<IconBook2 size={16} />}>
          {w.nav.ownRecord}
        </Menu.Item>
        <Menu.Item component={Link} to="/settings/own" leftSection={<IconShieldLock size={16} />}>
          {w.nav.ownSettings}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onKeys}>
          {w.nav.keys}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{w.nav.theme}</Menu.Label>
        {schemes.map(({ value, label: name, Icon }) => (
          <Menu.Item key={value} leftSection={<Icon size={16} />} aria-current={colorScheme === value} {...(colorScheme === value ? { bg: "var(--selected)" } : {})} onClick={() => setColorScheme(value)}>
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLanguage size={16} />} lang={language === "ja" ? "en" : "ja"} onClick={() => speak(language === "ja" ? "en" : "ja")}>
          {w.nav.language}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          {w.nav.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
