import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { Gate } from "#web/app/gate.tsx";
import { keep, kept } from "#web/app/kept.ts";
import { cssVariables, theme } from "#web/theme/theme.ts";
import type { Language } from "#web/words/format.ts";
import { SpokenContext, spokenIn } from "#web/words/words.ts";

const colorSchemes = localStorageColorSchemeManager({ key: "kuraban-color-scheme" });

function readNonce(): string {
  return document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";
}

function Speaking({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => (kept("language") === "en" ? "en" : "ja"));
  const speak = useCallback((next: Language) => {
    keep("language", next);
    setLanguage(next);
  }, []);
  const spoken = useMemo(() => spokenIn(language, speak), [language, speak]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <SpokenContext value={spoken}>{children}</SpokenContext>;
}

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" colorSchemeManager={colorSchemes} getStyleNonce={readNonce}>
      <Speaking>
        <Notifications position="bottom-center" autoClose={5000} limit={3} />
        <Gate />
      </Speaking>
    </MantineProvider>
  );
}
