import { declareEvents } from "#server/core/ledger/index.ts";

/** Facts: numbers, codes, times and hashes (`sha256` of an item's content as base64url). */
export const events = declareEvents({
  "evidence.listed": { description: "The evidence of an incident was listed; fact: `incidentNo`." },
  "evidence.snapshot-asked": { description: "A snapshot of an incident was asked for; facts: `incidentNo`, `snapshotNo`, `because`, `runNo`, `draftNo`." },
  "evidence.taken": {
    description:
      "An item of evidence was taken; facts: `incidentNo`, `itemNo`, `kind`, `bytes`, `sha256`, `snapshotNo` and `askedBy` of a snapshot's. From here on its content is bound.",
  },
  "evidence.snapshot-taken": { description: "All items of a snapshot were taken; facts: `incidentNo`, `snapshotNo`, `items`, `hash` over them." },
  "evidence.brought-in": { description: "Evidence from outside was taken in; facts: `incidentNo`, `itemNo`, `kind`, `bytes`, `sha256`." },
  "evidence.described": { description: "It was said where an item is from; facts: `incidentNo`, `itemNo`, `custodyNo`, `hash` of what was typed." },
  "evidence.looked-at": { description: "An item's chain of custody was looked at; facts: `incidentNo`, `itemNo`." },
  "evidence.copied-out": { description: "A copy of an item left as a file; facts: `incidentNo`, `itemNo`, `kind`, `sha256`, `hash` of the purpose." },
  "evidence.handed-over": { description: "A copy of an item was handed over; facts: `incidentNo`, `itemNo`, `receipt`, `hash` of what was typed." },
  "evidence.verified": {
    description: "An item was compared with the hash that was taken of it and with the ledger; facts: `incidentNo`, `itemNo`, `holds`, `sha256` as found.",
  },
  "evidence.custody-printed": { description: "The chain of custody of an incident's items left as a PDF; facts: `incidentNo`, `items`." },
  "evidence.bundled": {
    description:
      "All items of an incident left in one sealed file; facts: `incidentNo`, `items`, `treeSize`, `withNames`, `withTexts`, `withBrought`, `hash` of the purpose.",
  },
  "evidence.hold-placed": {
    description:
      "A hold was placed; facts: `incidentNo`, `holdNo`, `runNo`, `tiers`, `persons`, `lists`, `imports`, `ledgerFrom`, `ledgerTo`, `hash` of the reason.",
  },
  "evidence.hold-extended": {
    description:
      "A hold was extended to the people of newer runs of its scope, and to those who were moved; facts: `incidentNo`, `holdNo`, `runNo` (the newest), `added`, `persons` (all).",
  },
  "evidence.hold-lift-asked": { description: "A second person was asked to lift a hold; facts: `incidentNo`, `holdNo`." },
  "evidence.unbound-removed": {
    description: "Sealed parts of evidence that never came about were removed; facts: `items`, `parts`, `bytes` (sealed). No item named them.",
  },
  "evidence.hold-shown": { description: "Whether a customer is held was shown." },
});
