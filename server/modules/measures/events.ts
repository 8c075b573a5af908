import { declareEvents } from "#server/core/ledger/index.ts";

/**
 * Measures (応急措置). Facts: `measureNo`, `kind`, `target` with `accountNo`, `roleKey` or `departmentNo`, `incidentNo`, `isDrill`,
 * `accounts` (whom it meant), `sessionsCut`, `endsAt`, `confirmBy`, `requestNo`. The accounts are touched; the reason is sealed.
 */
export const events = declareEvents({
  "measure.taken": { description: "A measure was taken and is in force." },
  "measure.asked": { description: "A measure was asked for and waits for a second person; nothing is in force." },
  "measure.lifted": { description: "A measure was lifted." },
  "measure.ended": { description: "A measure ended by itself; fact `how`: `over` at its end, `unconfirmed` because nobody confirmed it." },
  "measures.listed": { description: "Measures were shown." },
  "measure.previewed": { description: "What a measure would do was counted." },
  "measure-policy.changed": { description: "How many one person may freeze was changed; fact `mostFrozenAlone`." },
  "session.watched": { description: "A page of a session began to listen for what happens to it." },
  "service.notice-shown": { description: "Whether the service is stopped was asked." },
});
