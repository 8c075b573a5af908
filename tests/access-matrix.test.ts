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
verb             sales  office  manager  privacy-officer  system-administrator  executive  auditor  desk-operator  contractor
create           x      x       x        ·                ·                     ·          ·        ·              ·
delete           ·      x       x        ·                ·                     ·          ·        ·              ·
reveal           x      x       x        x                ·                     ·          ·        ·              ·
contact          x      x       x        ·                ·                     ·          ·        ·              ·
import           ·      x       x        ·                ·                     ·          ·        ·              ·
bulk             ·      x       x        ·                ·                     ·          ·        ·              ·
export           x      x       x        ·                ·                     ·          ·        ·              ·
print            x      x       x        ·                ·                     ·          ·        ·              ·
send             ·      ·       ·        ·                ·                     ·          ·        ·              ·
attachment       ·      ·       ·        ·                ·                     ·          ·        ·              ·
approve          ·      ·       x        x                ·                     ·          ·        ·              ·
answer-person    ·      ·       ·        x                ·                     ·          ·        ·              ·
manage-accounts  ·      ·       ·        ·                x                     ·          ·        ·              ·
manage-roles     ·      ·       ·        ·                x                     ·          ·        ·              ·
manage-fields    ·      ·       ·        x                ·                     ·          ·        ·              ·
consent-rights   ·      ·       ·        x                ·                     ·          ·        ·              ·
read-ledger      ·      ·       ·        x                ·                     ·          x        ·              ·
verify-ledger    ·      ·       ·        x                x                     ·          x        ·              ·
run-backup       ·      ·       ·        ·                x                     ·          ·        ·              ·
for inquiry      x      x       x        ·                ·                     ·          ·        ·              ·
for sales        x      ·       x        ·                ·                     ·          ·        ·              ·
for delivery     x      x       x        ·                ·                     ·          ·        ·              ·
for contract     x      x       x        ·                ·                     ·          ·        ·              ·
for correction   x      x       x        ·                ·                     ·          ·        ·              ·
for audit        ·      ·       ·        x                ·                     ·          ·        ·              ·
`;

const gates = `
account.read: sales, office, manager, privacy-officer, system-administrator, auditor
  /api/accounts GET
  /api/staff GET
anyone: every role
  /api/health GET
  /api/invitations/enrol POST
  /api/invitations/finish POST
  /api/invitations/open POST
  /api/session/code POST
  /api/session/password POST
  /api/setup POST
company.read: sales, office, manager, privacy-officer, executive
  /api/companies/:companyNo GET
  /api/companies/views POST
consent-rights: privacy-officer
  /api/consents/:consentNo/decide POST
create: sales, office, manager
  /api/customers POST
customer.read: sales, office, manager, privacy-officer
  /api/customers/:customerNo GET
  /api/customers/:customerNo/history GET
  /api/customers/views POST
  /api/customers/views/:viewId GET
  /api/customers/views/:viewId/rows GET
customer.write: sales, office, manager
  /api/customers/:customerNo PATCH
delete: office, manager
  /api/customers/:customerNo/restore POST
  /api/customers/:customerNo/trash POST
import: office, manager
  /api/imports GET
  /api/imports POST
  /api/imports/:importNo GET
  /api/imports/:importNo/preview GET
  /api/imports/:importNo/problems GET
  /api/imports/:importNo/problems/:problemNo/correct POST
  /api/imports/:importNo/start POST
  /api/imports/:importNo/undo POST
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
manage-fields: privacy-officer
  /api/fields/:kind/:key/class PUT
manage-roles: system-administrator
  /api/roles/:key PUT
  /api/roles/:key/preview POST
read-ledger: privacy-officer, auditor
  /api/customers/:customerNo/exposures GET
  /api/ledger/events POST
reveal: sales, office, manager, privacy-officer
  /api/customers/:customerNo/reveal POST
signed-in: every role
  /api/consents GET
  /api/departments GET
  /api/fields GET
  /api/ledger/checkpoint GET
  /api/ledger/own POST
  /api/roles GET
  /api/session DELETE
  /api/session GET
  /api/session/change-password POST
  /api/session/viewed-today GET
  /api/sessions GET
  /api/sessions/:sessionId DELETE
verify-ledger: privacy-officer, system-administrator, auditor
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
