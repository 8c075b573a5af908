import { expect, it } from "vitest";
import { endpoints } from "#shared/index.ts";
import { roleDefinition } from "#shared/rights.ts";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import { actTable, classTable, gateList } from "./support/access-table.ts";

/*
 * Who may do what, as shipped. These tables are read by people: a change of a role must be made here by hand too, so that
 * it is seen in review as what it is.
 */

/** Columns: how the row stands to the account. Letters: open, internal, personal, sensitive in this order. · nothing, R read, W read and write; small letters: masked until revealed. */
const classes = `
role                  kind      any   own   cell  own+cell
sales                 customer  ····  WWW·  RRr·  WWW·
sales                 company   WW··  WW··  WW··  WW··
sales                 account   RR··  RR··  RR··  RR··
office                customer  ····  ····  WWWr  WWWr
office                company   WW··  WW··  WW··  WW··
office                account   RR··  RR··  RR··  RR··
manager               customer  ····  ····  WWWr  WWWr
manager               company   WW··  WW··  WW··  WW··
manager               account   RR··  RR··  RR··  RR··
privacy-officer       customer  RRrr  RRrr  RRrr  RRrr
privacy-officer       company   RRrr  RRrr  RRrr  RRrr
privacy-officer       account   RR··  RR··  RR··  RR··
system-administrator  customer  ····  ····  ····  ····
system-administrator  company   ····  ····  ····  ····
system-administrator  account   WW··  WW··  WW··  WW··
executive             customer  ····  ····  ····  ····
executive             company   R···  R···  R···  R···
executive             account   ····  ····  ····  ····
auditor               customer  ····  ····  ····  ····
auditor               company   ····  ····  ····  ····
auditor               account   RR··  RR··  RR··  RR··
desk-operator         customer  ····  ····  ····  ····
desk-operator         company   ····  ····  ····  ····
desk-operator         account   ····  ····  ····  ····
contractor            customer  ····  ····  ····  ····
contractor            company   ····  ····  ····  ····
contractor            account   ····  ····  ····  ····
`;

const acts = `
verb                sales  office  manager  privacy-officer  system-administrator  executive  auditor  desk-operator  contractor
create              x      x       x        ·                ·                     ·          ·        ·              ·
delete              ·      x       x        ·                ·                     ·          ·        ·              ·
reveal              x      x       x        x                ·                     ·          ·        ·              ·
contact             x      x       x        ·                ·                     ·          ·        ·              ·
import              ·      x       x        ·                ·                     ·          ·        ·              ·
bulk                ·      x       x        ·                ·                     ·          ·        ·              ·
export              x      x       x        ·                ·                     ·          ·        ·              ·
print               x      x       x        ·                ·                     ·          ·        ·              ·
send                ·      ·       ·        ·                ·                     ·          ·        ·              ·
attachment          ·      ·       ·        ·                ·                     ·          ·        ·              ·
approve             ·      ·       x        x                ·                     ·          ·        ·              ·
answer-person       ·      ·       ·        x                ·                     ·          ·        ·              ·
manage-accounts     ·      ·       ·        ·                x                     ·          ·        ·              ·
manage-roles        ·      ·       ·        ·                x                     ·          ·        ·              ·
manage-fields       ·      ·       ·        x                ·                     ·          ·        ·              ·
consent-rights      ·      ·       ·        x                ·                     ·          ·        ·              ·
read-exposures      ·      ·       x        x                ·                     ·          x        ·              ·
read-ledger         ·      ·       ·        x                ·                     ·          x        ·              ·
verify-ledger       ·      ·       ·        x                x                     ·          x        ·              ·
run-backup          ·      ·       ·        ·                x                     ·          ·        ·              ·
handle-incidents    ·      ·       ·        x                ·                     ·          ·        ·              ·
take-measures       ·      ·       ·        x                x                     ·          ·        ·              ·
keep-evidence       ·      ·       ·        x                ·                     ·          ·        ·              ·
answer-callers      ·      ·       ·        x                ·                     ·          ·        x              ·
for inquiry         x      x       x        ·                ·                     ·          ·        ·              ·
for sales           x      ·       x        ·                ·                     ·          ·        ·              ·
for delivery        x      x       x        ·                ·                     ·          ·        ·              ·
for contract        x      x       x        ·                ·                     ·          ·        ·              ·
for correction      x      x       x        ·                ·                     ·          ·        ·              ·
for audit           ·      ·       ·        x                ·                     ·          ·        ·              ·
for person-request  ·      ·       ·        x                ·                     ·          ·        ·              ·
`;

const gates = `
account.read: sales, office, manager, privacy-officer, system-administrator, auditor
  /api/accounts GET
  /api/staff GET
answer-callers: privacy-officer, desk-operator
  /api/incident-desk-cases/:caseNo GET
  /api/incident-desk-cases/:caseNo/call-back POST
  /api/incident-desk-cases/:caseNo/call-back/reached POST
  /api/incident-desk-cases/:caseNo/check POST
  /api/incident-desk-cases/:caseNo/entries POST
  /api/incident-desks GET
  /api/incident-desks/:incidentNo/cases GET
  /api/incident-desks/:incidentNo/cases POST
  /api/incident-desks/:incidentNo/scripts GET
answer-person: privacy-officer
  /api/customers/:customerNo/disclosure/json POST
  /api/customers/:customerNo/disclosure/pdf POST
  /api/customers/:customerNo/lift-suspension POST
  /api/customers/:customerNo/seen-statement.json POST
  /api/customers/:customerNo/seen-statement.pdf POST
  /api/disposals POST
  /api/disposals/due GET
  /api/erasures GET
  /api/erasures/:erasureNo/certificate POST
  /api/person-requests/:requestNo/move POST
anyone: every role
  /api/health GET
  /api/incident-reports POST
  /api/invitations/enrol POST
  /api/invitations/finish POST
  /api/invitations/open POST
  /api/ledger-monitor/checkpoint GET
  /api/ledger-monitor/consistency GET
  /api/ledger-monitor/tile/:level/* GET
  /api/service GET
  /api/session/code POST
  /api/session/password POST
  /api/setup POST
approve: manager, privacy-officer
  /api/approvals/:requestNo/decide POST
bulk: office, manager
  /api/companies/:companyNo/entrusted POST
  /api/customers/bulk GET
  /api/customers/bulk POST
  /api/customers/bulk/:operationNo GET
  /api/customers/bulk/:operationNo/undo POST
  /api/customers/bulk/preview POST
company.read: sales, office, manager, privacy-officer, executive
  /api/companies/:companyNo GET
  /api/companies/:companyNo/entrusted GET
  /api/companies/:companyNo/timeline GET
  /api/companies/names POST
  /api/companies/views POST
  /api/duplicates/companies/:companyNo GET
company.write: sales, office, manager
  /api/companies POST
  /api/companies/:companyNo PATCH
  /api/companies/:companyNo/notes POST
consent-rights: privacy-officer
  /api/consents/:consentNo/decide POST
  /api/measures/policy PUT
  /api/monitoring-notice PUT
  /api/reviews POST
  /api/reviews/:reviewNo/decide POST
  /api/reviews/:reviewNo/sign POST
contact: sales, office, manager
  /api/customers/:customerNo/use POST
create: sales, office, manager
  /api/customers POST
customer.read: sales, office, manager, privacy-officer
  /api/companies/:companyNo/people GET
  /api/companies/:companyNo/purchases GET
  /api/customers/:customerNo GET
  /api/customers/:customerNo/erase POST
  /api/customers/:customerNo/history GET
  /api/customers/:customerNo/hold GET
  /api/customers/:customerNo/person-file GET
  /api/customers/:customerNo/person-requests POST
  /api/customers/:customerNo/purchases GET
  /api/customers/:customerNo/retired GET
  /api/customers/:customerNo/suspend POST
  /api/customers/:customerNo/timeline GET
  /api/customers/counts POST
  /api/customers/views POST
  /api/customers/views/:viewId GET
  /api/customers/views/:viewId/groups GET
  /api/customers/views/:viewId/numbers GET
  /api/customers/views/:viewId/rows GET
  /api/duplicates/alike POST
  /api/duplicates/compare POST
  /api/duplicates/customers/:customerNo GET
  /api/duplicates/pairs POST
  /api/list-layout GET
  /api/list-layout PUT
  /api/person-requests GET
  /api/saved-views GET
  /api/saved-views POST
  /api/saved-views/:savedViewNo DELETE
  /api/saved-views/:savedViewNo PUT
  /api/stars GET
  /api/stars PUT
customer.write: sales, office, manager
  /api/customers/:customerNo PATCH
  /api/customers/:customerNo/consents POST
  /api/customers/:customerNo/notes POST
  /api/customers/:customerNo/purchases POST
  /api/customers/:customerNo/undo POST
  /api/duplicates/apart POST
  /api/duplicates/merge POST
  /api/duplicates/merges/:mergeNo/undo POST
  /api/purchases/:purchaseNo PATCH
  /api/purchases/:purchaseNo/restore POST
  /api/purchases/:purchaseNo/trash POST
delete: office, manager
  /api/companies/:companyNo/restore POST
  /api/companies/:companyNo/trash POST
  /api/customers/:customerNo/restore POST
  /api/customers/:customerNo/trash POST
  /api/trash GET
export: sales, office, manager
  /api/lists POST
  /api/lists/:listNo/download POST
  /api/lists/:listNo/password POST
handle-incidents: privacy-officer
  /api/consignor-packs/:packNo/approval POST
  /api/consignor-packs/:packNo/list POST
  /api/consignor-packs/:packNo/password POST
  /api/consignor-packs/:packNo/pdf POST
  /api/consignor-packs/:packNo/sent POST
  /api/consignor-packs/:packNo/word POST
  /api/incident-alert-rules GET
  /api/incident-alert-rules PUT
  /api/incident-alerts GET
  /api/incident-alerts/:alertNo/dismiss POST
  /api/incident-desk-policy PUT
  /api/incident-drafts/:draftNo/approval POST
  /api/incident-drafts/:draftNo/handings POST
  /api/incident-drafts/:draftNo/pdf POST
  /api/incident-drafts/:draftNo/word POST
  /api/incident-notices/:noticeNo/approval POST
  /api/incident-notices/:noticeNo/letters POST
  /api/incident-notices/:noticeNo/people POST
  /api/incident-notices/:noticeNo/posted POST
  /api/incident-notices/:noticeNo/reached POST
  /api/incident-notices/:noticeNo/start POST
  /api/incident-notices/:noticeNo/stop POST
  /api/incident-notices/:noticeNo/withdraw POST
  /api/incident-papers/handings/:handingNo/withdraw POST
  /api/incident-playbooks/:playbook GET
  /api/incident-playbooks/:playbook PUT
  /api/incident-reports GET
  /api/incident-reports/:reportNo/dismiss POST
  /api/incidents GET
  /api/incidents POST
  /api/incidents/:incidentNo GET
  /api/incidents/:incidentNo PATCH
  /api/incidents/:incidentNo/consignors GET
  /api/incidents/:incidentNo/consignors/:companyNo/packs POST
  /api/incidents/:incidentNo/costs GET
  /api/incidents/:incidentNo/desk GET
  /api/incidents/:incidentNo/desk POST
  /api/incidents/:incidentNo/desk/close POST
  /api/incidents/:incidentNo/desk/counts POST
  /api/incidents/:incidentNo/desk/operators POST
  /api/incidents/:incidentNo/desk/operators/:accountNo PUT
  /api/incidents/:incidentNo/desk/operators/:accountNo/release POST
  /api/incidents/:incidentNo/drafts GET
  /api/incidents/:incidentNo/drafts POST
  /api/incidents/:incidentNo/drafts/:paper GET
  /api/incidents/:incidentNo/drafts/:paper/passages/:key PUT
  /api/incidents/:incidentNo/estimates GET
  /api/incidents/:incidentNo/facts GET
  /api/incidents/:incidentNo/facts POST
  /api/incidents/:incidentNo/facts/:key GET
  /api/incidents/:incidentNo/facts/print POST
  /api/incidents/:incidentNo/judgement GET
  /api/incidents/:incidentNo/lessons GET
  /api/incidents/:incidentNo/lessons POST
  /api/incidents/:incidentNo/matches GET
  /api/incidents/:incidentNo/matches POST
  /api/incidents/:incidentNo/matches/:matchNo/people GET
  /api/incidents/:incidentNo/matches/:matchNo/rows POST
  /api/incidents/:incidentNo/matches/:matchNo/settle POST
  /api/incidents/:incidentNo/notices GET
  /api/incidents/:incidentNo/notices POST
  /api/incidents/:incidentNo/notices/bounces POST
  /api/incidents/:incidentNo/notices/returned POST
  /api/incidents/:incidentNo/preventions GET
  /api/incidents/:incidentNo/preventions POST
  /api/incidents/:incidentNo/preventions/:preventionNo PATCH
  /api/incidents/:incidentNo/preventions/:preventionNo/prove POST
  /api/incidents/:incidentNo/redress PATCH
  /api/incidents/:incidentNo/redress POST
  /api/incidents/:incidentNo/redress/list POST
  /api/incidents/:incidentNo/scope POST
  /api/incidents/:incidentNo/scope/runs GET
  /api/incidents/:incidentNo/scope/runs/:runNo GET
  /api/incidents/:incidentNo/scope/runs/:runNo/compare POST
  /api/incidents/:incidentNo/scope/runs/:runNo/move POST
  /api/incidents/:incidentNo/scope/runs/:runNo/people POST
  /api/incidents/:incidentNo/scope/runs/:runNo/people/:customerNo/events POST
  /api/incidents/:incidentNo/summary POST
  /api/incidents/:incidentNo/tasks POST
  /api/incidents/:incidentNo/tasks/:taskNo PATCH
  /api/incidents/:incidentNo/team PUT
  /api/incidents/:incidentNo/timeline GET
  /api/incidents/:incidentNo/timeline POST
  /api/incidents/cause-kinds GET
  /api/incidents/drill POST
  /api/incidents/open GET
  /api/incidents/sign-ins/:accountNo GET
  /api/notice-mail GET
  /api/notice-mail PUT
  /api/notice-mail/test POST
import: office, manager
  /api/imports GET
  /api/imports POST
  /api/imports/:importNo GET
  /api/imports/:importNo/forget-mapping POST
  /api/imports/:importNo/preview GET
  /api/imports/:importNo/problems GET
  /api/imports/:importNo/problems/:problemNo/correct POST
  /api/imports/:importNo/problems/download POST
  /api/imports/:importNo/start POST
  /api/imports/:importNo/undo POST
keep-evidence: privacy-officer
  /api/incident-evidence-holds/:holdNo/lift POST
  /api/incident-evidence/:itemNo/copy POST
  /api/incident-evidence/:itemNo/describe POST
  /api/incident-evidence/:itemNo/hand-over POST
  /api/incident-evidence/:itemNo/look POST
  /api/incident-evidence/:itemNo/verify POST
  /api/incidents/:incidentNo/evidence GET
  /api/incidents/:incidentNo/evidence/brought POST
  /api/incidents/:incidentNo/evidence/bundle POST
  /api/incidents/:incidentNo/evidence/custody.pdf POST
  /api/incidents/:incidentNo/evidence/holds POST
  /api/incidents/:incidentNo/evidence/snapshots POST
manage-accounts: system-administrator
  /api/accounts POST
  /api/accounts/:accountNo/department PUT
  /api/accounts/:accountNo/disable POST
  /api/accounts/:accountNo/enable POST
  /api/accounts/:accountNo/reset-factor POST
  /api/accounts/:accountNo/roles PUT
  /api/accounts/:accountNo/sessions DELETE
  /api/accounts/:accountNo/sessions GET
  /api/departments POST
  /api/departments/:departmentNo PATCH
  /api/reviews/:reviewNo/decide-officer POST
  /api/reviews/takings GET
manage-fields: privacy-officer
  /api/field-order/:kind PUT
  /api/field-sections/:kind POST
  /api/field-sections/:kind/:sectionNo DELETE
  /api/field-sections/:kind/:sectionNo PUT
  /api/fields/:kind POST
  /api/fields/:kind/:key PUT
  /api/fields/:kind/:key/archive POST
  /api/fields/:kind/:key/class PUT
  /api/fields/:kind/:key/class-effect GET
  /api/list-policy PUT
  /api/person-policy PUT
  /api/trash/rules PUT
  /api/use-purposes POST
  /api/use-purposes/:purposeNo PUT
manage-roles: system-administrator
  /api/roles/:key PUT
  /api/roles/:key/preview POST
own-session: every role
  /api/ledger/own POST
  /api/ledger/own/:eventNo/shown POST
  /api/ledger/own/density POST
  /api/ledger/own/replay POST
  /api/monitoring-notice GET
  /api/monitoring-notice/acknowledge POST
  /api/session DELETE
  /api/session GET
  /api/session/change-password POST
  /api/session/standing GET
  /api/session/viewed-today GET
  /api/session/watch GET
  /api/sessions GET
  /api/sessions/:sessionId DELETE
print: sales, office, manager
  /api/print-offset GET
  /api/print-offset PUT
  /api/prints POST
  /api/prints/requests POST
  /api/prints/requests/:requestNo/file POST
  /api/prints/test-page POST
read-exposures: manager, privacy-officer, auditor
  /api/customers/:customerNo/exposures GET
  /api/customers/:customerNo/readers GET
read-ledger: privacy-officer, auditor
  /api/ledger/density POST
  /api/ledger/events POST
  /api/ledger/events/:eventNo/shown POST
  /api/ledger/export POST
  /api/ledger/lines POST
  /api/ledger/log/tile/entries/* GET
  /api/ledger/questions GET
  /api/ledger/questions POST
  /api/ledger/questions/:questionNo DELETE
  /api/ledger/replay POST
  /api/reviews GET
  /api/reviews/:reviewNo GET
  /api/reviews/:reviewNo/pdf POST
reveal: sales, office, manager, privacy-officer
  /api/customers/:customerNo/reveal POST
run-backup: system-administrator
  /api/ledger/archives/policy PUT
  /api/ledger/log-tokens POST
  /api/ledger/outlets POST
  /api/ledger/outlets/:outletNo/end POST
  /api/support/bundle POST
signed-in: sales, office, manager, privacy-officer, system-administrator, executive, auditor, contractor
  /api/actions GET
  /api/approvals GET
  /api/approvals/:requestNo/withdraw POST
  /api/approvals/count GET
  /api/consents GET
  /api/departments GET
  /api/fields GET
  /api/first-hour GET
  /api/first-hour PUT
  /api/home/changes GET
  /api/incident-drafts/:draftNo GET
  /api/ledger/checkpoint GET
  /api/ledger/log/checkpoint GET
  /api/ledger/log/epochs GET
  /api/ledger/log/tile/:level/* GET
  /api/ledger/not-seen-statement POST
  /api/ledger/not-seen-statement.pdf POST
  /api/ledger/proofs/consistency GET
  /api/ledger/proofs/inclusion GET
  /api/ledger/verifier GET
  /api/ledger/verifier POST
  /api/list-policy GET
  /api/lists GET
  /api/lists/:listNo GET
  /api/lists/:listNo/dispose POST
  /api/notes/:noteNo PATCH
  /api/notes/:noteNo/action POST
  /api/notes/:noteNo/restore POST
  /api/notes/:noteNo/trash POST
  /api/person-policy GET
  /api/preventions GET
  /api/preventions/:preventionNo/carried-out POST
  /api/roles GET
  /api/trash/rules GET
  /api/use-purposes GET
take-measures: privacy-officer, system-administrator
  /api/largest-reach GET
  /api/measures GET
  /api/measures POST
  /api/measures/:measureNo/lift POST
  /api/measures/preview POST
  /api/reach/:kind GET
  /api/reach/count POST
verify-ledger: privacy-officer, system-administrator, auditor
  /api/ledger/archives GET
  /api/ledger/log-tokens GET
  /api/ledger/log-tokens/:tokenNo/withdraw POST
  /api/ledger/outlets GET
  /api/ledger/timestamps GET
  /api/ledger/verify POST
`;

it("each shipped role reads and writes what this table says, and nothing more", () => {
  expect(classTable(shippedRoles)).toBe(classes.trim());
});

it("each shipped role has the verbs and purposes of this table, and no others", () => {
  expect(actTable(shippedRoles)).toBe(acts.trim());
});

it("each endpoint asks for the access of this list, and only the roles named there pass its gate", () => {
  expect(gateList(shippedRoles, endpoints)).toBe(gates.trim());
});

it("each shipped role is a role as the contract defines it, under its own key", () => {
  for (const role of shippedRoles) expect(roleDefinition.parse(role)).toEqual(role);
  expect(new Set(shippedRoles.map((role) => role.key)).size).toBe(shippedRoles.length);
});
