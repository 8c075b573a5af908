import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import { openAsIncident, type Opening } from "./open-incident.ts";

/** Opens an incident by the terminal, when nobody who may can sign in; whoever handles incidents finds it on the page. @throws Problem as {@link openAsIncident} */
export function openFromConsole(storehouse: Storehouse, opening: Opening): Promise<{ incidentNo: number }> {
  return actAs(storehouse, "console", "incident.opened", randomUUID(), (context) => openAsIncident(context, opening));
}
