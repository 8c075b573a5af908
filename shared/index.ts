import * as accounts from "./accounts.ts";
import * as activities from "./activities.ts";
import * as approvals from "./approvals.ts";
import * as bulk from "./bulk.ts";
import * as customers from "./customers.ts";
import * as desk from "./desk.ts";
import * as duplicates from "./duplicates.ts";
import * as entrusted from "./entrusted.ts";
import type { Endpoint } from "./endpoint.ts";
import * as evidence from "./evidence.ts";
import * as fields from "./fields.ts";
import * as imports from "./imports.ts";
import * as incidentAfterwards from "./incident-afterwards.ts";
import * as incidentDrafts from "./incident-drafts.ts";
import * as incidentScope from "./incident-scope.ts";
import * as incidentMatch from "./incident-match.ts";
import * as incidentConsignors from "./incident-consignors.ts";
import * as incidentNotices from "./incident-notices.ts";
import * as incidentSignals from "./incident-signals.ts";
import * as incidents from "./incidents.ts";
import * as ledgerExport from "./ledger-export.ts";
import * as ledger from "./ledger.ts";
import * as lists from "./lists.ts";
import * as measures from "./measures.ts";
import * as monitoring from "./monitoring.ts";
import * as personRequests from "./person-requests.ts";
import * as archives from "./archives.ts";
import * as proofs from "./proofs.ts";
import * as reach from "./reach.ts";
import * as reviews from "./reviews.ts";
import * as session from "./session.ts";
import * as support from "./support.ts";
import * as system from "./system.ts";
import * as trash from "./trash.ts";
import * as uses from "./uses.ts";
import * as workingList from "./working-list.ts";

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === "object" && value !== null && "access" in value && "bodyKind" in value;
}

/** Every endpoint of the product. A test compares this list with the routes that the server has. */
export const endpoints: readonly Endpoint[] = [
  session,
  bulk,
  trash,
  accounts,
  activities,
  approvals,
  fields,
  customers,
  desk,
  duplicates,
  entrusted,
  imports,
  incidentAfterwards,
  incidentDrafts,
  incidentMatch,
  incidentConsignors,
  incidentNotices,
  incidentSignals,
  incidents,
  evidence,
  incidentScope,
  ledger,
  ledgerExport,
  lists,
  measures,
  monitoring,
  personRequests,
  archives,
  proofs,
  reach,
  reviews,
  support,
  system,
  uses,
  workingList,
].flatMap((room) => Object.values<unknown>(room).filter(isEndpoint));
