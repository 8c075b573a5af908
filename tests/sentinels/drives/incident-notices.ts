import type { Drive, Scene } from "../drive-routes.ts";

const nobodys = 999_999;

/** An incident that the caller may work on; where they may not, one that is not there. Pairs of roles look at the first. */
async function incident(scene: Scene): Promise<number> {
  if (scene.caller.roles.length > 1) return 1;
  const listed = await scene.send("GET", { url: "/api/incidents" });
  const [known] = (listed.body["incidents"] ?? []) as { incidentNo: number }[];
  if (known !== undefined) return known.incidentNo;
  const opened = await scene.send("POST", {
    url: "/api/incidents",
    body: { playbook: "misdirected", isDrill: false, knownAt: new Date(Date.now() - 60_000).toISOString(), what: "宛先を誤って送信した" },
  });
  return Number(opened.body["incidentNo"] ?? nobodys);
}

async function notice(scene: Scene): Promise<number> {
  if (scene.caller.roles.length > 1) return 1;
  const listed = await scene.send("GET", { url: `/api/incidents/${await incident(scene)}/notices` });
  const [known] = (listed.body["notices"] ?? []) as { noticeNo: number }[];
  return known?.noticeNo ?? nobodys;
}

const ofNotice =
  (act: string, body: unknown = {}): Drive =>
  async (scene) => [{ url: `/api/incident-notices/${await notice(scene)}/${act}`, body }];

export const incidentNoticeDrives: Readonly<Record<string, Drive>> = {
  "GET /api/incidents/:incidentNo/notices": async (scene) => [
    { url: `/api/incidents/${await incident(scene)}/notices` },
    { url: `/api/incidents/${nobodys}/notices` },
  ],
  "POST /api/incidents/:incidentNo/notices": async (scene) => [
    { url: `/api/incidents/${await incident(scene)}/notices`, body: { hasPossible: true } },
    { url: `/api/incidents/${await incident(scene)}/notices`, body: { isAgain: true, hasUnsure: true } },
  ],
  "POST /api/incident-notices/:noticeNo/approval": ofNotice("approval", { reason: "本人への通知" }),
  "POST /api/incident-notices/:noticeNo/start": ofNotice("start"),
  "POST /api/incident-notices/:noticeNo/stop": ofNotice("stop"),
  "POST /api/incident-notices/:noticeNo/withdraw": ofNotice("withdraw"),
  "POST /api/incident-notices/:noticeNo/people": ofNotice("people"),
  "POST /api/incident-notices/:noticeNo/letters": ofNotice("letters", { partNo: 1 }),
  "POST /api/incident-notices/:noticeNo/posted": ofNotice("posted", { partNo: 1, on: "2026-11-01" }),
  "POST /api/incident-notices/:noticeNo/reached": ofNotice("reached", { personNo: 1, isReached: true }),
  "POST /api/incidents/:incidentNo/notices/bounces": async (scene) => [
    {
      url: `/api/incidents/${await incident(scene)}/notices/bounces`,
      body: { messages: [Buffer.from("From: mailer-daemon@example.jp\r\nTo: bounce+kb-0123456789abcdef@example.jp\r\n\r\nno such user").toString("base64")] },
    },
  ],
  "POST /api/incidents/:incidentNo/notices/returned": async (scene) => [
    { url: `/api/incidents/${await incident(scene)}/notices/returned`, body: { numbers: ["00000001-95", "x"] } },
  ],
  "GET /api/notice-mail": () => [{ url: "/api/notice-mail" }],
  "PUT /api/notice-mail": () => [
    {
      url: "/api/notice-mail",
      body: {
        host: "127.0.0.1",
        port: 1,
        security: "none",
        user: "",
        from: "notice@example.jp",
        replyTo: "",
        bounceTo: "bounce@example.jp",
        isTagged: true,
      },
    },
  ],
  "POST /api/notice-mail/test": () => [{ url: "/api/notice-mail/test", body: { to: "test@example.jp" } }],
};
