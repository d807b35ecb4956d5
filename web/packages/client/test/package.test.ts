import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { describe, expect, it } from "vitest";
import { isRecord } from "../src/index.js";

const root = fileURLToPath(new URL("..", import.meta.url));

async function bundled(entry: string): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: true,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: { input: entry, preserveEntrySignatures: "strict" },
    },
  });
  if (Array.isArray(built) || !("output" in built)) throw new Error("nothing was built");
  return built.output.map((file) => (file.type === "chunk" ? file.code : "")).join("");
}

describe("the package", () => {
  it("is less than 12 kB for the browser, all of it", async () => {
    const code = await bundled("src/index.ts");
    expect(gzipSync(code).length).toBeLessThan(12_000);
    expect(code).not.toMatch(/from ?"[a-z@]/);
  }, 60_000);

  it("depends on nothing at run time, and has no side effects", () => {
    const manifest: unknown = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
    expect(manifest).toMatchObject({ sideEffects: false });
    expect(isRecord(manifest) && manifest["dependencies"]).toBeUndefined();
  });

  it("packs what it exports, with types, and nothing else", () => {
    const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--silent"], { cwd: root, encoding: "utf8" });
    const packed: unknown = JSON.parse(output.slice(output.indexOf("[")));
    const first: unknown = Array.isArray(packed) ? packed[0] : null;
    const files = isRecord(first) && Array.isArray(first["files"]) ? first["files"] : [];
    const paths = files.map((file: unknown) => (isRecord(file) ? String(file["path"]) : ""));
    for (const name of [
      "dist/index.js",
      "dist/index.d.ts",
      "dist/testing/index.js",
      "dist/testing/index.d.ts",
      "README.md",
    ]) {
      expect(paths).toContain(name);
    }
    expect(paths.filter((path) => !/^(dist\/.*\.(js|d\.ts)|README\.md|package\.json|LICENSE)$/.test(path))).toEqual([]);
  }, 120_000);
});
