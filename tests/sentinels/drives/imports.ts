import type { Asked, Drive, Scene } from "../drive-routes.ts";

/** An address book of somebody whom nobody else knows. */
const addressBook: Asked = {
  url: "/api/imports",
  body: Buffer.from("BEGIN:VCARD\r\nVERSION:3.0\r\nN:取込;次郎;;;\r\nFN:取込 次郎\r\nTEL;TYPE=CELL:12-34\r\nEND:VCARD\r\n"),
  headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("連絡先.vcf") },
};

/** What somebody bought, by a name and a telephone. */
export const purchaseUpload: Asked = {
  url: "/api/imports?kind=purchases",
  body: Buffer.from("氏名,電話,購入日,商品名,金額\r\n取込 次郎,03-1234-5678,2024/11/1,玉露,1000\r\n"),
  headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("売上.csv") },
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
