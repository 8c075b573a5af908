import type { Asked, Drive, Scene } from "../drive-routes.ts";

/** An address book of somebody whom nobody else knows. */
const addressBook: Asked = {
  url: "/api/imports",
  body: Buffer.from("BEGIN:VCARD\r\nVERSION:3.0\r\nN:取込;次郎;;;\r\nFN:取込 次郎\r\nTEL;TYPE=CELL:12-34\r\nEND:VCARD\r\n"),
  headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("連絡先.vcf") },
};

async function uploaded(scene: Scene): Promise<number> {
  const reply = await scene.send("POST", addressBook);
  return Number(reply.body["importNo"] ?? 999_999);
}

export const importDrives: Readonly<Record<string, Drive>> = {
  "POST /api/imports/:importNo/problems/download": async (scene) => [
    { url: `/api/imports/${await uploaded(scene)}/problems/download`, body: { language: "ja" } },
    { url: "/api/imports/1/problems/download", body: {} },
  ],
  "POST /api/imports/:importNo/forget-mapping": async (scene) => [
    { url: `/api/imports/${await uploaded(scene)}/forget-mapping`, body: { sheet: 0, headerRow: 1 } },
    { url: "/api/imports/1/forget-mapping", body: { sheet: 0, headerRow: 1 } },
  ],
};
