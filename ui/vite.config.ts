import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const apiAddress = process.env.RAPPORT_API ?? "http://127.0.0.1:7070";

/**
 * Sonner puts its style sheet into a `<style>` element when its module loads, which a strict content
 * security policy refuses. The call is taken out here; `index.css` imports the same rules as a file.
 */
function sonnerWithoutInjectedStyles(): Plugin {
  return {
    name: "sonner-without-injected-styles",
    enforce: "pre",
    transform(code, id) {
      if (!/[\\/]sonner[\\/]dist[\\/]index\.mjs/.test(id)) return undefined;
      const stripped = code.replace(/^__insertCSS\((["'`])[\s\S]*?\1\);$/m, "");
      if (stripped === code) this.error("sonner no longer injects its styles this way");
      return { code: stripped, map: null };
    },
  };
}

export default defineConfig({
  plugins: [sonnerWithoutInjectedStyles(), react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  optimizeDeps: { exclude: ["sonner"] },
  // The server accepts changes from its own pages only, so the browser's address is passed on as it is.
  server: { proxy: { "/api": { target: apiAddress, changeOrigin: false } } },
  build: {
    target: "es2022",
    // The policy allows fonts and scripts from files only, so nothing may become a data address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    // Whole screens are looked at by axe; a busy machine takes its time over it.
    testTimeout: 60_000,
    setupFiles: ["src/test/setup.ts"],
    server: { deps: { inline: ["sonner"] } },
  },
});
