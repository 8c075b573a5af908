import "#web/theme/mantine.css";
import "#web/theme/theme.css";
import { createRoot } from "react-dom/client";
import { App } from "#web/app/app.tsx";
import { startServiceWorker } from "#web/app/start-service-worker.ts";

// The fonts' lists of characters are long; the words stand in the system's font until they are here.
void import("#web/theme/fonts.ts");

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(<App />);
startServiceWorker();
