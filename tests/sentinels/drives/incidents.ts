import type { Drive } from "../drive-routes.ts";

const knownAt = "2026-01-05T00:00:00.000Z";

/** One incident is opened by whoever may; the rest asks about the first one, which may be another's. */
export const incidentDrives: Readonly<Record<string, Drive>> = {
  "GET /api/incidents/open": () => [{ url: "/api/incidents/open" }],
  "GET /api/incidents": () => [{ url: "/api/incidents" }],
  "POST /api/incidents": () => [{ url: "/api/incidents", body: { playbook: "insider", knownAt, what: "調べ中" } }],
  "POST /api/incidents/drill": () => [{ url: "/api/incidents/drill" }],
  "GET /api/incidents/:incidentNo": () => [{ url: "/api/incidents/1" }, { url: "/api/incidents/999999" }],
  "PATCH /api/incidents/:incidentNo": () => [{ url: "/api/incidents/1", body: { version: 1, phase: 2 } }],
  "POST /api/incidents/:incidentNo/tasks": () => [{ url: "/api/incidents/1/tasks", body: { title: "電話する", phase: 2, role: "lead", dueAt: null } }],
  "PATCH /api/incidents/:incidentNo/tasks/:taskNo": ({ caller }) => [
    { url: "/api/incidents/1/tasks/1", body: { version: 1, assignedTo: caller.accountNo, note: "済ませた" } },
  ],
  "PUT /api/incidents/:incidentNo/team": ({ caller }) => [{ url: "/api/incidents/1/team", body: { role: "lead", accountNos: [caller.accountNo] } }],
  "GET /api/incidents/:incidentNo/facts": () => [{ url: "/api/incidents/1/facts" }],
  "GET /api/incidents/:incidentNo/facts/:key": () => [{ url: "/api/incidents/1/facts/persons.total" }],
  "POST /api/incidents/:incidentNo/facts/print": () => [{ url: "/api/incidents/1/facts/print", body: {} }],
  "POST /api/incidents/:incidentNo/facts": () => [
    { url: "/api/incidents/1/facts", body: { key: "persons.total", certainty: "assumed", value: "12", source: "記録簿" } },
  ],
  "GET /api/incidents/:incidentNo/timeline": () => [{ url: "/api/incidents/1/timeline" }],
  "POST /api/incidents/:incidentNo/timeline": () => [{ url: "/api/incidents/1/timeline", body: { happenedAt: knownAt, text: "電話があった" } }],
  "POST /api/incident-reports": () => [{ url: "/api/incident-reports", body: { text: "誤って送った", contact: "" } }],
  "GET /api/incident-reports": () => [{ url: "/api/incident-reports" }],
  "POST /api/incident-reports/:reportNo/dismiss": () => [{ url: "/api/incident-reports/1/dismiss", body: { reason: "重複" } }],
  "GET /api/incident-alerts": () => [{ url: "/api/incident-alerts" }],
  "POST /api/incident-alerts/:alertNo/dismiss": () => [{ url: "/api/incident-alerts/1/dismiss", body: { reason: "通常の業務" } }],
  "GET /api/incident-alert-rules": () => [{ url: "/api/incident-alert-rules" }],
  "PUT /api/incident-alert-rules": () => [
    { url: "/api/incident-alert-rules", body: { rule: "people-in-hour", isOn: true, threshold: 300, fromHour: null, toHour: null } },
  ],
  "GET /api/incident-playbooks/:playbook": () => [{ url: "/api/incident-playbooks/insider" }],
  "PUT /api/incident-playbooks/:playbook": () => [{ url: "/api/incident-playbooks/insider", body: { tasks: [] } }],
};
