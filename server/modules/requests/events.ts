import { declareEvents } from "#server/core/ledger/index.ts";

/** Rights of the person (個人情報保護法33–35条). */
export const events = declareEvents({
  "person-requests.listed": { description: "Requests of persons about their own data were listed" },
  "person-request.recorded": { description: "A person's request was recorded; facts: `requestNo`, `kind`, `dueOn`" },
  "person-request.moved": { description: "A person's request was checked, decided, answered or withdrawn; facts: `requestNo`, `step`, `state`, `decision`" },
  "person-file.viewed": { description: "A person's requests and consents were shown" },
  "person.disclosed": { description: "Everything held about a person left in a file, to answer that person; facts: `requestNo`, `form`" },
  "person.suspended": { description: "Every use of a person's data was suspended; the reason is sealed under the person's key" },
  "person.suspension-lifted": { description: "The suspension of a person's use was lifted; the reason is sealed under the person's key" },
  "person.consent-recorded": { description: "A person's stance to a purpose of use was recorded; facts: `purposeNo`, `stance`, `how`" },
  "erasure.asked": { description: "An erasure waits for a second person; facts: `erasureNo`, `persons`, `because`" },
  "disposal.asked": { description: "The disposal of customers past a term waits for a second person; facts: `erasureNo`, `persons`, `because`" },
  "erasures.listed": { description: "Erasures and disposals were listed" },
  "erasure.checked": { description: "Before erasing a person it was asked whether a hold stands on them; facts: `erasureNo`, `isHeld`" },
  "erasure.keys-destroyed": { description: "The keys of erased persons are destroyed, durably; facts: `erasureNo`, `persons`" },
  "erasure.done": { description: "An erasure or disposal came to its end; facts: `erasureNo`, `erased`, `held`, `keyFolders`, `keyFoldersMissed`" },
  "erasure.certified": { description: "The certificate of an erasure was made; facts: `erasureNo`" },
  "disposals.counted": { description: "How many customers are past a term was counted" },
  "use-purposes.listed": { description: "The purposes of use were listed" },
  "use-purpose.changed": { description: "A purpose of use was added or changed; facts: `purpose` (its full new state)" },
  "person-policy.shown": { description: "The days to answer and the term of keeping were shown" },
  "person-policy.changed": { description: "The days to answer or the term of keeping were changed; facts: `answerDays`, `retentionYears`" },
});
