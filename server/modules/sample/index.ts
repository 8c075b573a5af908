/**
 * Made-up people: believable Japanese customers and companies, the sample company with two weeks of work, a dirty file as
 * an office really has it, and sentinels that can be recognised wherever they turn up. Pure and deterministic: nothing
 * here reads a clock, a random source or a database. Mail lies in reserved name space; phone numbers only look right.
 * Proven by the tests beside the files.
 */
export { generateCompany, type CompanyValues, type SampleCompany } from "./generate-companies.ts";
export {
  blockSize,
  companiesPerBlock,
  companyCountFor,
  customerMaker,
  generateCustomers,
  type CustomerValues,
  type SampleCustomer,
} from "./generate-customers.ts";
export { makeRandom, type Random } from "./make-random.ts";
export { planIncident, type IncidentAct, type IncidentStep } from "./plan-incident.ts";
export { planDuplicates, sampleDuplicateCount, type SampleDuplicate, type SampleDuplicates } from "./plan-duplicates.ts";
export { planLists } from "./plan-lists.ts";
export { planRequests } from "./plan-requests.ts";
export { planNotes } from "./plan-notes.ts";
export { sampleOwnFields, sampleOwnValues } from "./sample-own-fields.ts";
export { samplePurchases } from "./sample-purchases.ts";
export { planViews } from "./plan-views.ts";
export { planActivity, type Act, type PlannedAct } from "./plan-activity.ts";
export {
  assignCustomer,
  sampleCompanyCount,
  sampleCustomerCount,
  sampleDepartments,
  sampleMailDomain,
  sampleOrganisation,
  sampleStaff,
  type Assignment,
  type SampleDepartment,
  type SampleDepartmentKey,
  type SampleStaff,
} from "./sample-company.ts";
export { ownSentinelFields, sentinelLimit, sentinelsOf, sentinelValues, type Sentinel } from "./sentinels.ts";
export { dirtKinds, writeDirtyFile, type DirtyFile, type ExpectedRow } from "./write-dirty-file.ts";
