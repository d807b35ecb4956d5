import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { precompress } from "./tools/precompress.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A door that runs, for `npm run dev`: it must allow this page's origin (VESTIBULE_ALLOWED_ORIGINS). */
const door = `http://127.0.0.1:${process.env["VESTIBULE_PORT"] ?? "8800"}`;

// Relative addresses: the app works under any path prefix. The Python process serves what is built here.
export default defineConfig({
  base: "./",
  plugins: [react(), tailwindcss(), precompress()],
  resolve: {
    alias: { "@": at("src") },
    conditions: ["vestibule-source", "module", "browser", "development|production"],
    dedupe: ["react", "react-dom", "swr"],
  },
  build: {
    outDir: at("../../src/vestibule/edge/http/static/app"),
    emptyOutDir: true,
    manifest: true,
    target: ["chrome123", "firefox128", "safari17.5"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["tests/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}", "tests/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    testTimeout: 20_000,
    maxWorkers: "100%",
    isolate: false, // a page of its own for each file costs more than all tests; they leave nothing behind, in any order
  },
  server: {
    host: "127.0.0.1",
    // The table of methods is the Python package's own.
    fs: { allow: ["../.."] },
    proxy: { "/api": door, "/ws": { target: door, ws: true } },
  },
});
