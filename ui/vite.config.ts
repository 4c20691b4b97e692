import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where `npm run dev` finds the API: a running `slipway dev`.
const api = process.env.SLIPWAY_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the server's policy allows no data: scripts, and few data: at all
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1800, // elkjs; loaded with the graph only
  },
  server: {
    proxy: Object.fromEntries(["/orgs", "/users", "/current-user", "/auth", "/openapi.json", "/docs"].map((p) => [p, { target: api, changeOrigin: true }])),
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    environment: "happy-dom",
    setupFiles: ["src/test-setup.ts"],
    restoreMocks: true,
  },
});
