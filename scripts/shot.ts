import type { Window } from "#tests/support/browser.ts";

export type Role = "sales" | "office" | "manager" | "privacy-officer" | "system-administrator";

/** A screen, who looks at it, where it is, and what is done there first. Main ones are shown in every form. */
export interface Shot {
  readonly name: string;
  readonly role: Role;
  readonly path: string;
  readonly act?: (window: Window) => Promise<void>;
  readonly isMain?: boolean;
  /** Is not there on a phone. */
  readonly isDesk?: boolean;
}
