import { declareEvents } from "#server/core/ledger/index.ts";

/**
 * The desk (窓口) of an incident. Facts: `incidentNo`, `isDrill`, `caseNo`, `accountNo` of an operator. A look says by which kinds of
 * values (`kinds`), what came of it (`outcome`) and what was told (`answer`, `runNo`), never a value; whoever was identified is touched.
 */
export const events = declareEvents({
  "desk.viewed": { description: "The desk of an incident was shown to whoever handles it." },
  "desk.opened": { description: "A desk was opened; `until`: the term of its operators; `stated`: facts; `newInvitations`." },
  "desk.operators-invited": { description: "Operators were invited, or former ones admitted again, with a term." },
  "desk.term-set": { description: "The term of an operator was changed; fact `until`." },
  "desk.operator-released": { description: "An operator whose looks were stopped may look again; the reason is sealed." },
  "desk.closed": { description: "A desk was closed; the terms of its operators ended." },
  "desk.policy-changed": { description: "Limits of looks were changed; facts `mostFailed`, `mostPersons`, `mostFailedOfPerson`." },
  "desk.counted": { description: "Numbers of inquiries and of reports of harm were stated as facts of the incident." },
  "desk.listed": { description: "Somebody asked at which desks they serve." },
  "desk.scripts-viewed": { description: "Script and answers in force were shown; facts `script`, `faq`: their versions." },
  "desk.case-begun": { description: "A call, a mail, a form or a letter was taken." },
  "desk.cases-listed": { description: "Cases of a desk were listed." },
  "desk.case-viewed": { description: "A case was shown with its history." },
  "desk.checked": { description: "What a caller stated was compared with what is registered; facts `kinds`, `outcome`, `answer`, `runNo`." },
  "desk.braked": {
    description: "A look was refused because there had been too many; `because`: `failed`, `persons` (the operator is stopped) or `person`; `found`.",
  },
  "desk.called-back": { description: "A registered telephone number was handed to a call, or nobody was found to call; facts `kinds`, `outcome`." },
  "desk.call-back-confirmed": { description: "What came of a call to the registered number; facts `isPerson`, `answer`, `runNo`." },
  "desk.entry-added": { description: "Something was written into the history of a case; fact `kind`." },
  "desk.tidied": { description: "Keyed hashes of what was stated more than a day ago were taken away; fact `checks`." },
});
