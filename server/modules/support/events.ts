import { declareEvents } from "#server/core/ledger/index.ts";

export const events = declareEvents({
  "first-hour.shown": { description: "The steps of the guided first hour were shown" },
  "first-hour.dismissed": { description: "The guided first hour was put away, or brought back; facts: `dismissed`" },
  "support.bundle-made": { description: "A support file was made: versions, settings, counts and states, no personal value" },
});
