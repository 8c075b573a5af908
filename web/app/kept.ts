/** What this browser keeps between visits: the language and the display, never anything of a person. */
type Keepable = "language";

export function kept(what: Keepable): string | null {
  try {
    return localStorage.getItem(`kuraban-${what}`);
  } catch {
    return null;
  }
}

export function keep(what: Keepable, value: string): void {
  try {
    localStorage.setItem(`kuraban-${what}`, value);
  } catch {
    // A browser that keeps nothing starts in Japanese each time.
  }
}
