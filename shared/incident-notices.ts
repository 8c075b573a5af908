import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { shown } from "./shown.ts";

const no = z.coerce.number().int().positive().max(2_147_483_647);
const incidentParams = z.object({ incidentNo: no });
const noticeParams = z.object({ noticeNo: no });

/** The papers that go to each of the people (規則10条). */
export const noticePapers = ["person-notice", "person-notice-en"] as const;

/** メール, 書面, 代替措置: whoever neither can reach is answered for by publication and a desk (法26条2項ただし書). */
export const noticeWays = ["mail", "letter", "none"] as const;
export type NoticeWay = (typeof noticeWays)[number];

/**
 * 宛先の確認中 → 予定(作成) → 承認待ち → 承認済 → 送信中 ⇄ 停止 → 送信済. A refused or withdrawn one comes to nothing. Letters may be drawn from the start
 * of sending on.
 */
export const noticeStates = ["planning", "planned", "asked", "approved", "sending", "stopped", "done", "refused", "withdrawn"] as const;
export type NoticeState = (typeof noticeStates)[number];

/**
 * What became of the notice to one person.
 * - `planned`  予定
 * - `sending`  handed to the mail server at this moment
 * - `sent`     送信済み: taken by the mail server; of a letter: posted
 * - `unsure`   送ったか不明: the connection broke while the message went, or the machine stopped; never sent again by itself
 * - `refused`  宛先不明: the mail server refused the address, or there is none that can be used
 * - `bounced`  不達: came back by mail (RFC 3464)
 * - `printed`  of a letter: stands in a file that was drawn
 * - `returned` 返戻: the letter came back
 * - `replaced` 送り直し: another notice to the same person takes its place
 * - `reached`  連絡がとれた
 * - `substitute` 代替措置
 * - `gone`     erased meanwhile
 * - `moved`    対象から外れた: the scope names them no more, and nothing was sent yet
 */
export const noticeOutcomes = [
  "planned",
  "sending",
  "sent",
  "unsure",
  "refused",
  "bounced",
  "printed",
  "returned",
  "replaced",
  "reached",
  "substitute",
  "gone",
  "moved",
] as const;
export type NoticeOutcome = (typeof noticeOutcomes)[number];

/** Why sending stands still. */
export const noticeProblems = ["unreachable", "mail-login", "mail-refused", "mail-not-set", "mail-changed", "account", "unexpected"] as const;
export type NoticeProblem = (typeof noticeProblems)[number];

/** Letters in one file. */
export const mostLetters = 500;

const counted = z.object({ way: z.enum(noticeWays), outcome: z.enum(noticeOutcomes), people: z.number() });
const notice = z.object({
  noticeNo: z.number(),
  state: z.enum(noticeStates),
  paper: z.enum(noticePapers),
  draftNo: z.number(),
  version: z.number(),
  runNo: z.number(),
  /** Sent anew to people whom the former notice did not reach. */
  isAgain: z.boolean(),
  hasPossible: z.boolean(),
  mailsPerMinute: z.number(),
  madeAt: z.string(),
  madeBy: z.number().nullable(),
  requestNo: z.number().nullable(),
  approvedBy: z.number().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  problem: z.enum(noticeProblems).nullable(),
  /** Left out because an earlier notice of the incident goes to them already. */
  already: z.number(),
  /** Letters although there is a mail address, because use is suspended (利用停止). */
  suspended: z.number(),
  /** People of the scope of whom nothing is kept any more. */
  gone: z.number(),
  /** People whose way is still to be found, while it is `planning`. */
  toPlan: z.number(),
  counts: z.array(counted),
  /** Files of letters: how many stand in each, and when it was drawn and posted. */
  parts: z.array(z.object({ partNo: z.number(), letters: z.number(), printedAt: z.string().nullable(), postedOn: z.string().nullable() })),
});
export type Notice = z.output<typeof notice>;

const mailOut = z.object({
  host: z.string(),
  port: z.number(),
  security: z.enum(["tls", "starttls", "none"]),
  user: z.string(),
  hasPassword: z.boolean(),
  from: z.string(),
  replyTo: z.string(),
  bounceTo: z.string(),
  isTagged: z.boolean(),
});

export const listNotices = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/notices",
  access: "handle-incidents",
  summary: "Notices to the people of an incident: what each came to, and what is still needed to send one",
  params: incidentParams,
  reply: z.object({
    notices: z.array(notice),
    /** The newest approved version of each paper. */
    papers: z.array(z.object({ paper: z.enum(noticePapers), draftNo: z.number(), version: z.number() })),
    scope: z.object({ runNo: z.number(), isPending: z.boolean(), isVerified: z.boolean(), confirmed: z.number(), possible: z.number() }).nullable(),
    mail: z.object({ host: z.string(), from: z.string() }).nullable(),
    /** By person: the newest notice to each. */
    totals: z.array(counted),
  }),
});

export const planNotice = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/notices",
  access: "handle-incidents",
  summary: "Have it worked out, in the background, who of a verified scope is told by which way; nothing is sent",
  params: incidentParams,
  body: z.object({
    paper: z.enum(noticePapers).default("person-notice"),
    hasPossible: z.boolean().default(false),
    mailsPerMinute: z.number().int().min(1).max(6_000).default(120),
    /** To people alone whom the former notice did not reach, by another way. */
    isAgain: z.boolean().default(false),
    /** With `isAgain`: also where it is not known whether it was sent. */
    hasUnsure: z.boolean().default(false),
  }),
  reply: z.object({ noticeNo: z.number() }),
});

export const askNoticeApproval = endpoint({
  method: "POST",
  path: "/api/incident-notices/:noticeNo/approval",
  access: "handle-incidents",
  summary: "Ask a second person; nothing leaves before",
  params: noticeParams,
  body: z.object({ reason: z.string().trim().max(400).default("") }),
  reply: z.object({ noticeNo: z.number(), requestNo: z.number() }),
});

export const startNotice = endpoint({
  method: "POST",
  path: "/api/incident-notices/:noticeNo/start",
  access: "handle-incidents",
  summary: "Begin to send an approved notice, or go on",
  params: noticeParams,
  reply: z.object({ state: z.enum(noticeStates) }),
});

export const stopNotice = endpoint({
  method: "POST",
  path: "/api/incident-notices/:noticeNo/stop",
  access: "handle-incidents",
  summary: "Stop sending; what is with the mail server already cannot be called back",
  params: noticeParams,
  reply: z.object({ state: z.enum(noticeStates) }),
});

export const withdrawNotice = endpoint({
  method: "POST",
  path: "/api/incident-notices/:noticeNo/withdraw",
  access: "handle-incidents",
  summary: "Give up a notice of which nothing has left",
  params: noticeParams,
  reply: z.object({ state: z.enum(noticeStates) }),
});

export const listNoticePeople = endpoint({
  method: "POST",
  path: "/api/incident-notices/:noticeNo/people",
  access: "handle-incidents",
  summary: "People of a notice by way and outcome, with names as the caller's rights show them",
  params: noticeParams,
  body: z.object({
    way: z.enum(noticeWays).optional(),
    outcome: z.enum(noticeOutcomes).optional(),
    offset: z.number().int().min(0).max(10_000_000).default(0),
    limit: z.number().int().min(1).max(100).default(50),
  }),
  reply: z.object({
    total: z.number(),
    people: z.array(
      z.object({
        personNo: z.number(),
        customerNo: z.number(),
        name: shown,
        way: z.enum(noticeWays),
        outcome: z.enum(noticeOutcomes),
        /** Status code of the mail system (RFC 3463), where it gave one. */
        status: z.string().nullable(),
        letterNumber: z.string().nullable(),
        at: z.string(),
      }),
    ),
  }),
});

const address = z.object({
  personNo: z.number(),
  customerNo: z.number(),
  letterNumber: z.string(),
  values: z.record(z.string(), shown),
});

/** The paper of a letter or mail, as it is put together for each. */
const paper = z.object({
  title: z.string(),
  organisation: z.string(),
  isDrill: z.boolean(),
  locale: z.enum(["ja", "en"]),
  day: z.string(),
  sections: z.array(
    z.object({
      title: z.string().nullable(),
      entries: z.array(
        z.object({
          key: z.string(),
          label: z.string().nullable(),
          pieces: z.array(z.union([z.object({ kind: z.literal("plain"), text: z.string() }), z.object({ kind: z.literal("typed"), text: shown })])),
        }),
      ),
    }),
  ),
});
export type NoticePaper = z.output<typeof paper>;

/** What leaves as mails, a few at a time: built by the door like a reply, and given to the mail server alone. */
export const mailsOut = z.object({
  paper: paper.nullable(),
  people: z.array(z.object({ personNo: z.number(), token: z.string(), name: shown, mail: shown })),
});
export type MailsOut = z.output<typeof mailsOut>;

const lettersOut = z.object({ noticeNo: z.number(), partNo: z.number(), at: z.string(), paper, people: z.array(address), leftOut: z.array(z.number()) });
export type LettersOut = z.output<typeof lettersOut>;

/** Addresses stand where the window of a long envelope (長形3号) shows them. The same file may be drawn again: paper jams. */
export const drawLetters = endpoint({
  method: "POST",
  path: "/api/incident-notices/:noticeNo/letters",
  access: "handle-incidents",
  summary: "One file of letters of a notice that has been started, as a PDF for window envelopes",
  params: noticeParams,
  body: z.object({ partNo: z.number().int().min(1).max(32_000) }),
  replyKind: "file",
  reply: lettersOut,
});

export const postLetters = endpoint({
  method: "POST",
  path: "/api/incident-notices/:noticeNo/posted",
  access: "handle-incidents",
  summary: "State that the letters of a file were posted",
  params: noticeParams,
  body: z.object({ partNo: z.number().int().min(1).max(32_000), on: z.iso.date() }),
  reply: z.object({ letters: z.number() }),
});

/** Largest message that came back, in base64. */
export const mostBounceChars = 700_000;
export const mostBounces = 20;

const settled = ["bounced", "delayed", "delivered", "already", "unknown"] as const;
export const takeBounces = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/notices/bounces",
  access: "handle-incidents",
  summary: "Take in messages that came back (RFC 3464 or plain); they are matched by the mark of each mail and are not kept",
  params: incidentParams,
  body: z.object({ messages: z.array(z.base64().max(mostBounceChars)).min(1).max(mostBounces) }),
  bodyLimit: 16 * 1024 * 1024,
  reply: z.object({ results: z.array(z.object({ outcome: z.enum(settled), customerNo: z.number().nullable() })) }),
});

export const takeReturned = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/notices/returned",
  access: "handle-incidents",
  summary: "Take in letters that came back, by the number printed on each",
  params: incidentParams,
  body: z.object({ numbers: z.array(z.string().trim().min(1).max(40)).min(1).max(500) }),
  reply: z.object({ results: z.array(z.object({ outcome: z.enum(["returned", "already", "unknown", "misread"]), customerNo: z.number().nullable() })) }),
});

export const markReached = endpoint({
  method: "POST",
  path: "/api/incident-notices/:noticeNo/reached",
  access: "handle-incidents",
  summary: "State that a person was reached by other means, or that it is not so after all",
  params: noticeParams,
  body: z.object({ personNo: no, isReached: z.boolean() }),
  reply: z.object({ outcome: z.enum(noticeOutcomes) }),
});

const mailAddress = z.email().max(255);
export const mailSettings = z.object({
  host: z.string().trim().min(1).max(255),
  port: z.number().int().min(1).max(65_535),
  /** `none` is for a server on the same machine alone. */
  security: z.enum(["tls", "starttls", "none"]),
  user: z.string().max(255),
  /** Absent: as it was. */
  password: z.string().max(255).optional(),
  from: mailAddress,
  replyTo: z.union([mailAddress, z.literal("")]),
  /** Where what cannot be delivered comes back to. */
  bounceTo: mailAddress,
  /** The mailbox takes `name+mark@…` as well: then each bounce names its mail by itself. */
  isTagged: z.boolean(),
  /** Certificates to trust besides the usual ones, PEM. */
  trusted: z.string().max(50_000).optional(),
});
export type MailSettings = z.output<typeof mailSettings>;

export const showNoticeMail = endpoint({
  method: "GET",
  path: "/api/notice-mail",
  access: "handle-incidents",
  summary: "By which mail server notices leave; never the password",
  reply: z.object({ mail: mailOut.nullable() }),
});

export const setNoticeMail = endpoint({
  method: "PUT",
  path: "/api/notice-mail",
  access: "handle-incidents",
  summary: "Set by which mail server notices leave; an approved notice is bound to it",
  body: mailSettings,
  reply: z.object({ ok: z.literal(true) }),
});

export const tryNoticeMail = endpoint({
  method: "POST",
  path: "/api/notice-mail/test",
  access: "handle-incidents",
  summary: "Send a test mail that holds nothing of anybody",
  body: z.object({ to: mailAddress }),
  reply: z.object({ outcome: z.enum(["sent", "refused", "unsure", "unreachable", "mail-login", "mail-refused"]) }),
});
