/**
 * The desk (窓口) of an incident: who calls, who may answer, and what they are told; decisions/0027.
 *
 * Invariants: whoever only answers callers sees nothing of the product but the desk, and nothing after their term
 * (tests/desk-alone.db.test.ts); a caller is told 対象, 対象外 or 確認中 and names of items, never a value, and only after two registered
 * values agreed or the registered number was called; a failed check says the same whatever was wrong, in as many bytes and at the same
 * beat; too many looks stop themselves and raise an alert, whoever they ask for (desk.db.test.ts); while the scope is not verified
 * nobody is told that they are not concerned.
 */
import { exempt, keepingTime, reads, readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/desk.ts";
import { addEntry } from "./add-entry.ts";
import { beginBeat, systemTiming, type Timing } from "./beat.ts";
import { beginCase, listCases, listDesks, showCase } from "./cases.ts";
import { callBack, checkCaller, confirmCallBack, type DeskHouse } from "./check-caller.ts";
import { countOpenDesks, stateDeskCounts } from "./counts.ts";
import { tidyChecks } from "./erase-desk.ts";
import { changeDeskPolicy, closeDesk, inviteOperators, openDesk, releaseOperator, setOperatorTerm } from "./open-desk.ts";
import { showDesk } from "./show-desk.ts";
import { showScripts } from "./show-scripts.ts";

export { events } from "./events.ts";
export { eraseAtDesk } from "./erase-desk.ts";

/** Acts on an incident that its timeline tells. */
export const acts: readonly string[] = ["desk.opened", "desk.closed", "desk.operators-invited", "desk.braked", "desk.counted"];

const countEverySeconds = 600;
const tidyEverySeconds = 3_600;

/** The routes of this module. The desk goes on while everything else is for reading only. */
export function deskRoutes(timing: Timing = systemTiming): Route[] {
  const house: DeskHouse = { tiers: new Map() };
  const beat = (): (() => Promise<void>) => beginBeat(timing);
  return [
    reads(contract.showDesk, "desk.viewed", showDesk),
    writes(contract.openDesk, "desk.opened", openDesk),
    writes(contract.inviteOperators, "desk.operators-invited", inviteOperators),
    writes(contract.setOperatorTerm, "desk.term-set", setOperatorTerm),
    writes(contract.releaseOperator, "desk.operator-released", releaseOperator),
    writes(contract.closeDesk, "desk.closed", closeDesk),
    writes(contract.changeDeskPolicy, "desk.policy-changed", changeDeskPolicy),
    writes(contract.stateDeskCounts, "desk.counted", stateDeskCounts),
    readsQuietly(contract.listDesks, "desk.listed", listDesks),
    reads(contract.showScripts, "desk.scripts-viewed", showScripts),
    writes(contract.beginCase, "desk.case-begun", beginCase),
    reads(contract.listCases, "desk.cases-listed", listCases),
    reads(contract.showCase, "desk.case-viewed", showCase),
    keepingTime(writes(contract.checkCaller, "desk.checked", checkCaller(house)), beat),
    keepingTime(writes(contract.callBack, "desk.called-back", callBack(house)), beat),
    writes(contract.confirmCallBack, "desk.call-back-confirmed", confirmCallBack(house)),
    writes(contract.addEntry, "desk.entry-added", addEntry),
  ].map((route) => exempt(route, "read-only"));
}

export function deskTasks(storehouse: Storehouse): Tasks {
  return {
    "desk.count": { everySeconds: countEverySeconds, run: () => countOpenDesks(storehouse) },
    "desk.tidy": { everySeconds: tidyEverySeconds, run: () => tidyChecks(storehouse) },
  };
}
