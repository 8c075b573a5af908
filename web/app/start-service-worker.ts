/**
 * A worker that keeps the parts of the screen for a quick start, and says honestly when there is no connection
 * (web/public/sw.js). Without it everything works the same.
 */
export function startServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // The first screen comes first.
  setTimeout(() => void navigator.serviceWorker.register("/sw.js").catch(() => undefined), 3_000);
}
