import { declareEvents } from "#server/core/ledger/index.ts";

export const noticeEvents = declareEvents({
  "incident.notices-listed": {
    description: "Notices to the people of an incident, or the people of one, were listed; facts: `incidentNo`, `noticeNo`, `people`",
  },
  "incident.notice-begun": {
    description:
      "Whom a notice goes to was taken from a scope; by which way each is told is worked out from here on; facts: `incidentNo`, `noticeNo`, `draftNo`, `runNo`, `people`, `already`, `isAgain`",
  },
  "incident.notice-ways-found": {
    description:
      "By which way some people of a notice are told was worked out, and more are left; facts: `incidentNo`, `noticeNo`, `accountNo`, `people`, `gone`",
  },
  "incident.notice-planned": {
    description:
      "It was worked out who is told by which way; facts: `incidentNo`, `noticeNo`, `accountNo`, `draftNo`, `runNo`, `people`, `mail`, `letter`, `none`, `already`, `gone`, `isAgain`, `hash`",
  },
  "incident.notice-approval-asked": { description: "A notice waits for a second person; facts: `incidentNo`, `noticeNo`, `persons`, `hash`, `mailHost`" },
  "incident.notice-started": { description: "Sending began, or went on; facts: `incidentNo`, `noticeNo`" },
  "incident.notice-stopped": { description: "Sending was stopped; facts: `incidentNo`, `noticeNo`" },
  "incident.notice-withdrawn": { description: "A notice of which nothing had left was given up; facts: `incidentNo`, `noticeNo`" },
  "incident.mails-released": {
    description:
      "Names and mail addresses of a few people were made into mails, by the rights of the account that began to send; facts: `incidentNo`, `noticeNo`, `accountNo`, `people`",
  },
  "incident.mails-sent": {
    description: "What the mail server said to a few mails, people by number; facts: `incidentNo`, `noticeNo`, `sent`, `refused`, `unsure`, `deferred`",
  },
  "incident.notice-finished": { description: "No mail of a notice waits any more; facts: `incidentNo`, `noticeNo`" },
  "incident.letters-drawn": { description: "A file of letters was drawn; facts: `incidentNo`, `noticeNo`, `partNo`, `people`" },
  "incident.letters-posted": { description: "Letters of a file were posted; facts: `incidentNo`, `noticeNo`, `partNo`, `on`, `people`" },
  "incident.bounces-taken": { description: "Messages that came back were taken in, people by number; facts: `incidentNo`, `messages`, `bounced`, `unknown`" },
  "incident.letters-returned": { description: "Letters that came back were taken in, people by number; facts: `incidentNo`, `numbers`, `returned`" },
  "incident.person-reached": { description: "A person was reached by other means, or was not after all; facts: `incidentNo`, `noticeNo`, `isReached`" },
  "notice-mail.viewed": { description: "The mail server of notices was looked at" },
  "notice-mail.set": { description: "The mail server of notices was set; facts: `host`, `port`, `security`, `fromDomain`, `hash`" },
  "notice-mail.tried": { description: "A test mail was sent; facts: `host`, `outcome`" },
});
