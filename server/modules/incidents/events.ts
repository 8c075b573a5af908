import { caseEvents } from "./case/events.ts";
import { draftEvents } from "./drafts/events.ts";
import { scopeEvents } from "./scope/events.ts";
import { matchEvents } from "./match/events.ts";

/** Every room of this module declares its own. */
export const events = { ...caseEvents, ...draftEvents, ...matchEvents, ...scopeEvents };
