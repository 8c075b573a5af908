// The contract's schemas may not be compiled by eval here: even trying would break the content security policy.
globalThis.__zod_globalConfig = { jitless: true };

// Runs before the first paint, so that a dark screen never flashes white.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("kuraban-color-scheme");
  } catch {
    chosen = null;
  }
  var isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
})();
