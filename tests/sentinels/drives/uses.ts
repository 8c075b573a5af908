import type { Asked, Drive, Scene } from "../drive-routes.ts";

const used = [
  { field: "mobile", way: "call" },
  { field: "mail", way: "mail" },
  { field: "address", way: "map" },
  { field: "fullName", way: "call" },
] as const;

const people = ({ own, colleagues, unowned, far }: Scene): number[] => [own, colleagues, unowned, far];

const printed = (customerNos: number[], layout: string, purpose = "delivery"): Asked => ({ url: "/api/prints", body: { customerNos, layout, purpose } });

export const useDrives: Readonly<Record<string, Drive>> = {
  "POST /api/customers/:customerNo/use": (scene) =>
    people(scene).flatMap((no) => used.map((how) => ({ url: `/api/customers/${no}/use`, body: { ...how, purpose: "inquiry" } }))),
  "POST /api/prints": (scene) =>
    scene.caller.roles.length > 1
      ? [printed(people(scene), "label-a4-12")]
      : [
          printed(people(scene), "label-a4-24"),
          printed([scene.own, scene.colleagues], "envelope-naga3-vertical"),
          printed([scene.own], "postcard", "audit"),
          printed([scene.far, 999_999], "envelope-naga3-horizontal"),
        ],
  // What waits is looked at by every approver each time: each role asks once, not each pair.
  "POST /api/prints/requests": (scene) => [
    {
      url: "/api/prints/requests",
      body: { customerNos: scene.caller.roles.length > 1 ? [999_999] : people(scene), layout: "label-a4-12", purpose: "delivery", reason: "年賀状" },
    },
  ],
  "POST /api/prints/requests/:requestNo/file": () => [
    { url: "/api/prints/requests/1/file", body: {} },
    { url: "/api/prints/requests/999999/file", body: { startAt: 2 } },
  ],
  "GET /api/print-offset": () => [{ url: "/api/print-offset" }],
  "PUT /api/print-offset": () => [{ url: "/api/print-offset", body: { right: 0.5, down: -1 } }],
  "POST /api/prints/test-page": (scene) => (scene.caller.roles.length > 1 ? [] : [{ url: "/api/prints/test-page", body: { layout: "label-a4-24" } }]),
};
