import { defineConfig } from "vitest/config";

const conditions = ["vestibule-source", "module", "browser", "development|production"];

export default defineConfig({
  resolve: { conditions, dedupe: ["react", "react-dom", "swr"] },
  ssr: { resolve: { conditions } },
  test: { include: ["test/**/*.test.{ts,tsx}"], environment: "happy-dom", setupFiles: ["test/setup.ts"] },
});
