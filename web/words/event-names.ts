import { useWords } from "#web/words/words.ts";

/** Names of the ledger's event types, as its readers say them. An unknown type stands as it is. */
const names: Readonly<Record<string, readonly [ja: string, en: string]>> = {};

export function useEventName(): (type: string) => string {
  const { language } = useWords();
  return (type) => names[type]?.[language === "ja" ? 0 : 1] ?? type;
}

export const knownEventTypes: readonly string[] = Object.keys(names);
