import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Browsers that run this product read woff2; the older form would only double what is shipped. */
function keepWoff2Only(): Plugin {
  return {
    name: "keep-woff2-only",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("@fontsource") || !id.endsWith(".css")) return null;
      return { code: code.replaceAll(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, ""), map: null };
    },
  };
}

/** The scripts of this build that hold something; those of style sheets alone hold nothing and are not shipped. */
const scripts = new Set<string>();

/**
 * Puts the product's own loader around every `import()`: Vite's gives a part up at the first file that does not come.
 * Throws when Vite no longer asks for a helper of that name, for then nothing would come a second time.
 */
function loadPartsPatiently(): Plugin {
  const loader = fileURLToPath(new URL("web/app/parts-of-screens.ts", import.meta.url));
  let isIn = false;
  return {
    name: "load-parts-patiently",
    apply: "build",
    enforce: "post",
    transform(_code, id) {
      if (id !== "\0vite/preload-helper.js") return null;
      isIn = true;
      return { code: `export { loadPart as __vitePreload } from ${JSON.stringify(loader)};`, map: null };
    },
    generateBundle: {
      order: "pre",
      handler(_options, bundle) {
        if (!isIn) this.error("The loader of parts is not in the build");
        for (const file of Object.values(bundle)) if (file.type === "chunk" && file.code !== "") scripts.add(file.fileName);
      },
    },
  };
}

export default defineConfig({
  root: "web",
  plugins: [keepWoff2Only(), loadPartsPatiently(), react()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2023",
    // The content security policy lets fonts and scripts come from the product's own address alone.
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // A part of a single script is fetched by its loader like the others.
      resolveDependencies: (file, files, { hostType }) => (hostType === "js" && scripts.has(file) && !files.includes(file) ? [file, ...files] : files),
    },
    reportCompressedSize: false,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": process.env["KURABAN_API"] ?? "http://127.0.0.1:8443" },
  },
});
