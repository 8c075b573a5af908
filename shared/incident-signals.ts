import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { incidentNo } from "./incidents.ts";
import { shown } from "./shown.ts";

export const alertRules = ["people-in-hour", "people-in-day", "refusals-in-hour", "odd-hours"] as const;
export type AlertRule = (typeof alertRules)[number];

/** A report or an alert: not looked at yet, an incident was opened from it, put away. */
export const signalStates = ["new", "opened", "dismissed"] as const;

const text = (most: number) => z.string().trim().min(1).max(most);

/** The form that works without signing in. What comes back is a receipt and nothing else, whatever was typed. */
export const reportIncident = endpoint({
  method: "POST",
  path: "/api/incident-reports",
  access: "anyone",
  summary: "Report that something may have leaked, without signing in",
  body: z.object({ text: text(2000), contact: z.string().trim().max(200).default("") }),
  bodyLimit: 16 * 1024,
  reply: z.object({ receipt: z.string() }),
});

const incidentReport = z.object({
  reportNo: z.number(),
  receipt: z.string(),
  receivedAt: z.string(),
  address: z.string(),
  state: z.enum(signalStates),
  incidentNo: z.number().nullable(),
  handledBy: z.number().nullable(),
  handledAt: z.string().nullable(),
  text: shown,
  contact: shown,
  reason: shown,
});
export type IncidentReport = z.output<typeof incidentReport>;

export const listIncidentReports = endpoint({
  method: "GET",
  path: "/api/incident-reports",
  access: "handle-incidents",
  summary: "Reports of colleagues, those that nobody has looked at first",
  reply: z.object({ reports: z.array(incidentReport) }),
});

const dismissal = z.object({ reason: text(400) });

export const dismissReport = endpoint({
  method: "POST",
  path: "/api/incident-reports/:reportNo/dismiss",
  access: "handle-incidents",
  summary: "Put a report away, with a reason",
  params: z.object({ reportNo: incidentNo }),
  body: dismissal,
  reply: z.object({}),
});

const incidentAlert = z.object({
  alertNo: z.number(),
  /** `desk`: somebody asked too much at a desk; its thresholds are the desk's. */
  rule: z.enum([...alertRules, "desk"]),
  accountNo: z.number().nullable(),
  from: z.string(),
  to: z.string(),
  found: z.number(),
  threshold: z.number(),
  raisedAt: z.string(),
  state: z.enum(signalStates),
  incidentNo: z.number().nullable(),
  handledBy: z.number().nullable(),
  reason: shown,
});
export type IncidentAlert = z.output<typeof incidentAlert>;

export const listIncidentAlerts = endpoint({
  method: "GET",
  path: "/api/incident-alerts",
  access: "handle-incidents",
  summary: "Alerts: thresholds that an account went over, newest first",
  reply: z.object({ alerts: z.array(incidentAlert) }),
});

export const dismissAlert = endpoint({
  method: "POST",
  path: "/api/incident-alerts/:alertNo/dismiss",
  access: "handle-incidents",
  summary: "Put an alert away, with a reason",
  params: z.object({ alertNo: incidentNo }),
  body: dismissal,
  reply: z.object({}),
});

const alertRule = z.object({
  rule: z.enum(alertRules),
  isOn: z.boolean(),
  threshold: z.number().int().min(1).max(10_000_000),
  /** Of `odd-hours`: from this hour of the day in Japan, before that one. */
  fromHour: z.number().int().min(0).max(23).nullable(),
  toHour: z.number().int().min(0).max(23).nullable(),
});
export type AlertRuleSetting = z.output<typeof alertRule>;

export const listAlertRules = endpoint({
  method: "GET",
  path: "/api/incident-alert-rules",
  access: "handle-incidents",
  summary: "Thresholds of alerts",
  reply: z.object({ rules: z.array(alertRule) }),
});

export const setAlertRule = endpoint({
  method: "PUT",
  path: "/api/incident-alert-rules",
  access: "handle-incidents",
  summary: "Change the threshold of an alert, or switch it off",
  body: alertRule,
  reply: z.object({}),
});
