import { reads, readsQuietly, receives, writes, type Route } from "#server/core/door/index.ts";
import * as contract from "#shared/incident-match.ts";
import { listMatchedPeople, listMatches, listMatchRows } from "./list-matches.ts";
import { receivePeople } from "./match-people.ts";
import { settleMatch } from "./settle-match.ts";

export function matchRoutes(): Route[] {
  return [
    readsQuietly(contract.listMatches, "incident.matches-listed", listMatches),
    receives(contract.matchPeople, "incident.people-matched", receivePeople),
    reads(contract.listMatchRows, "incident.match-rows-listed", listMatchRows),
    writes(contract.settleMatch, "incident.match-settled", settleMatch),
    reads(contract.listMatchedPeople, "incident.matched-people-listed", listMatchedPeople),
  ];
}
