import { afterwardsEvents } from "./afterwards/events.ts";
import { caseEvents } from "./case/events.ts";
import { draftEvents } from "./drafts/events.ts";
import { consignorEvents } from "./consignors/events.ts";
import { noticeEvents } from "./notices/events.ts";
import { scopeEvents } from "./scope/events.ts";
import { matchEvents } from "./match/events.ts";

/** Every room of this module declares its own. */
export const events = { ...afterwardsEvents, ...caseEvents, ...draftEvents, ...matchEvents, ...noticeEvents, ...consignorEvents, ...scopeEvents };
