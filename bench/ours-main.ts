import { startProduct, type ProductSettings } from "./start-product.ts";

export type { OursReady } from "./start-product.ts";

let text = "";
for await (const piece of process.stdin) text += String(piece);
const { ready, stop } = await startProduct(JSON.parse(text) as ProductSettings);
process.stdout.write(`${JSON.stringify(ready)}\n`);
process.once("SIGTERM", () => void stop().then(() => process.exit(0)));
