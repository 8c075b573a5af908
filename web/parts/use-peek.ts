import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

const kinds = ["customer", "company", "account", "event"] as const;
export interface Peek {
  readonly kind: (typeof kinds)[number];
  readonly no: number;
}

/** `customer-12` ↔ { kind, no }. Numbers only: a personal value never stands in a URL. */
export function readPeek(text: unknown): Peek | undefined {
  if (typeof text !== "string") return undefined;
  const [kind, no] = text.split("-");
  const known = kinds.find((one) => one === kind);
  return known !== undefined && /^[1-9]\d{0,14}$/.test(no ?? "") ? { kind: known, no: Number(no) } : undefined;
}

/** Puts something into the side panel, for whoever does not need to know what stands there now. */
export function useShow(): (peek: Peek) => void {
  const navigate = useNavigate();
  return useCallback((next) => void navigate({ to: ".", search: (former: object) => ({ ...former, peek: `${next.kind}-${next.no}` }) }), [navigate]);
}

/** What stands in the side panel. It lives in the URL, so that Back closes it and a link opens it. */
export function usePeek(): { peek: Peek | undefined; show: (peek: Peek) => void; hide: () => void } {
  const search: { peek?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const peek = useMemo(() => readPeek(search.peek), [search.peek]);
  const show = useShow();
  const hide = useCallback(() => void navigate({ to: ".", search: ({ peek: _gone, ...rest }: { peek?: string }) => rest, replace: true }), [navigate]);
  return { peek, show, hide };
}
