import { downloads, readsQuietly, reads, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/incident-notices.ts";
import { drawLetters, postLetters } from "./draw-letters.ts";
import { listNoticePeople, listNotices } from "./list-notices.ts";
import { setNoticeMail, showNoticeMail, tryNoticeMail } from "./mail-settings.ts";
import { askNoticeApproval } from "./notice-approval.ts";
import { findWays, planTask } from "./find-ways.ts";
import { planNotice } from "./plan-notice.ts";
import { renderLetters } from "./render-letters.ts";
import { sendTask, startNotice, stopNotice, withdrawNotice } from "./run-notice.ts";
import { sendNotice } from "./send-mails.ts";
import { markReached, takeBounces, takeReturned } from "./take-returns.ts";

export function noticeRoutes(): Route[] {
  return [
    readsQuietly(contract.listNotices, "incident.notices-listed", listNotices),
    reads(contract.listNoticePeople, "incident.notices-listed", listNoticePeople),
    writes(contract.planNotice, "incident.notice-begun", planNotice),
    writes(contract.askNoticeApproval, "incident.notice-approval-asked", askNoticeApproval),
    writes(contract.startNotice, "incident.notice-started", startNotice),
    writes(contract.stopNotice, "incident.notice-stopped", stopNotice),
    writes(contract.withdrawNotice, "incident.notice-withdrawn", withdrawNotice),
    downloads(contract.drawLetters, "incident.letters-drawn", drawLetters, renderLetters),
    writes(contract.postLetters, "incident.letters-posted", postLetters),
    writes(contract.takeBounces, "incident.bounces-taken", takeBounces),
    writes(contract.takeReturned, "incident.letters-returned", takeReturned),
    writes(contract.markReached, "incident.person-reached", markReached),
    readsQuietly(contract.showNoticeMail, "notice-mail.viewed", showNoticeMail),
    writes(contract.setNoticeMail, "notice-mail.set", setNoticeMail),
    writes(contract.tryNoticeMail, "notice-mail.tried", tryNoticeMail),
  ];
}

export function noticeTasks(storehouse: Storehouse): Tasks {
  return { [planTask]: { run: (job) => findWays(storehouse, job) }, [sendTask]: { run: (job) => sendNotice(storehouse, job) } };
}
