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

export default defineConfig({
  root: "web",
  plugins: [keepWoff2Only(), react()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2023",
    // The content security policy lets fonts and scripts come from the product's own address alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": process.env["KURABAN_API"] ?? "http://127.0.0.1:8443" },
  },
});
