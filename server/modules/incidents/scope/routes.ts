import { reads, readsQuietly, receives, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/incident-scope.ts";
import { compareScopes } from "./compare-scopes.ts";
import { listScopePeople } from "./list-people.ts";
import { listScopeEvents } from "./list-person-events.ts";
import { listSignIns } from "./list-sign-ins.ts";
import { proveLedger, proveTask } from "./prove-task.ts";
import { moveScopePeople } from "./move-people.ts";
import { receiveScope, verifyTask, type ScopeHouse } from "./run-scope.ts";
import { causeKinds, listScopes, showScope } from "./show-scopes.ts";
import { verifyScopeJob } from "./verify-scope.ts";

export function scopeRoutes(house: ScopeHouse): Route[] {
  return [
    readsQuietly(contract.listCauseKinds, "incident.causes-listed", causeKinds(house)),
    reads(contract.listSignIns, "incident.sign-ins-listed", listSignIns),
    receives(contract.runScope, "incident.scoped", receiveScope(house)),
    readsQuietly(contract.listScopes, "incident.scope-viewed", listScopes),
    readsQuietly(contract.showScope, "incident.scope-viewed", showScope),
    reads(contract.listScopePeople, "incident.scope-people-listed", listScopePeople),
    writes(contract.listScopeEvents, "incident.scope-person-viewed", listScopeEvents(house)),
    writes(contract.moveScopePeople, "incident.scope-moved", moveScopePeople),
    reads(contract.compareScopes, "incident.scopes-compared", compareScopes),
  ];
}

/** What is proved may lag: what came since is verified when somebody asks. */
const proveSeconds = 900;

export function scopeTasks(storehouse: Storehouse, house: ScopeHouse): Tasks {
  return {
    [verifyTask]: { run: verifyScopeJob(storehouse, house) },
    [proveTask]: {
      everySeconds: proveSeconds,
      run: async ({ signal }) => {
        await proveLedger(storehouse, signal);
      },
    },
  };
}
