import type { Asked, Drive, Scene } from "../drive-routes.ts";

const ofCaller = ({ caller }: Scene) => ({ causes: [{ kind: "account", values: [caller.accountNo] }] });

interface Scoped {
  readonly at: string;
  readonly run: string;
  readonly runNo: number;
}

/** A run reads what all callers did: one is enough for all who look at it. */
const known = new WeakMap<Scene["house"], Scoped>();

/** An incident and a run of its scope; where the caller may have none and there is none yet, numbers of nobody's. */
async function scoped(scene: Scene): Promise<Scoped> {
  const found = known.get(scene.house);
  if (found !== undefined) return found;
  const { body } = await scene.send("POST", {
    url: "/api/incidents",
    body: { playbook: "unauthorised-access", knownAt: new Date().toISOString(), what: "不審な閲覧" },
  });
  const at = `/api/incidents/${String(body["incidentNo"] ?? 999_999)}/scope`;
  const run = await scene.send("POST", { url: at, body: ofCaller(scene) });
  const runNo = Number(run.body["runNo"] ?? 999_999);
  const made = { at, run: `${at}/runs/${runNo}`, runNo };
  if (run.body["runNo"] !== undefined) known.set(scene.house, made);
  return made;
}

const onRun =
  (asked: (run: string, scene: Scene, runNo: number) => readonly Asked[]): Drive =>
  async (scene) => {
    const { run, runNo } = await scoped(scene);
    return asked(run, scene, runNo);
  };

export const incidentScopeDrives: Readonly<Record<string, Drive>> = {
  "GET /api/incidents/cause-kinds": () => [{ url: "/api/incidents/cause-kinds" }],
  "GET /api/incidents/sign-ins/:accountNo": ({ caller }) => [{ url: `/api/incidents/sign-ins/${caller.accountNo}` }],
  "POST /api/incidents/:incidentNo/scope": async (scene) => [
    { url: (await scoped(scene)).at, body: ofCaller(scene) },
    { url: "/api/incidents/999999/scope", body: ofCaller(scene) },
  ],
  "GET /api/incidents/:incidentNo/scope/runs": async (scene) => [{ url: `${(await scoped(scene)).at}/runs` }],
  "GET /api/incidents/:incidentNo/scope/runs/:runNo": onRun((url) => [{ url }]),
  "POST /api/incidents/:incidentNo/scope/runs/:runNo/people": onRun((run) =>
    ["confirmed", "possible", "excluded"].map((tier) => ({ url: `${run}/people`, body: { tier, limit: 10 } })),
  ),
  "POST /api/incidents/:incidentNo/scope/runs/:runNo/people/:customerNo/events": onRun((run, { own, far }) =>
    [own, far, 999_999].map((no) => ({ url: `${run}/people/${no}/events`, body: {} })),
  ),
  "POST /api/incidents/:incidentNo/scope/runs/:runNo/move": onRun((run, { own }) => [
    { url: `${run}/move`, body: { customerNos: [own], tier: "possible", reason: "本人に確かめた" } },
  ]),
  "POST /api/incidents/:incidentNo/scope/runs/:runNo/compare": onRun((run, _, runNo) => [{ url: `${run}/compare`, body: { otherRunNo: runNo } }]),
};
