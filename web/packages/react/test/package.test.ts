// @vitest-environment node
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { isRecord } from "@vestibule/client";
import ts from "typescript";
import { build } from "vite";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = readdirSync(`${root}/src`, { recursive: true, encoding: "utf8" }).filter((path) =>
  /\.tsx?$/.test(path),
);
const read = (path: string): string => readFileSync(`${root}/src/${path}`, "utf8");

async function bundled(external: RegExp): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: "silent",
    resolve: { conditions: ["vestibule-source", "module", "browser"] },
    oxc: { jsx: { development: false } }, // as it is shipped: in development every element names its file
    build: {
      write: false,
      minify: true,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: { input: "src/index.ts", preserveEntrySignatures: "strict", external },
    },
  });
  if (Array.isArray(built) || !("output" in built)) throw new Error("nothing was built");
  return built.output.map((file) => (file.type === "chunk" ? file.code : "")).join("");
}

describe("the package", () => {
  it('modules with hooks begin with "use client", also when they are built', () => {
    const hooks = sources.filter((path) => /\buse-|context|provider|index/.test(path));
    expect(hooks.length).toBeGreaterThan(10);
    for (const path of hooks) {
      const options = { compilerOptions: { module: ts.ModuleKind.ESNext, jsx: ts.JsxEmit.ReactJSX } };
      expect(ts.transpileModule(read(path), options).outputText, path).toMatch(/^"use client";/);
    }
  });

  it("every module that imports React is one of them", () => {
    for (const path of sources.filter((each) => /from "(react|swr)"/.test(read(each)))) {
      expect(read(path), path).toMatch(/^"use client";/);
    }
  });

  it("is less than 12 kB of its own, and less than 24 kB with the client, beside React and SWR", async () => {
    expect(gzipSync(await bundled(/^(react|swr|@vestibule\/client)/)).length).toBeLessThan(12_000);
    const code = await bundled(/^(react|swr)/);
    expect(gzipSync(code).length).toBeLessThan(24_000);
  }, 60_000);

  it("packs what it exports, with types, and nothing else", () => {
    const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--silent"], { cwd: root, encoding: "utf8" });
    const packed: unknown = JSON.parse(output.slice(output.indexOf("[")));
    const first: unknown = Array.isArray(packed) ? packed[0] : null;
    const files = isRecord(first) && Array.isArray(first["files"]) ? first["files"] : [];
    const paths = files.map((file: unknown) => (isRecord(file) ? String(file["path"]) : ""));
    for (const name of ["dist/index.js", "dist/index.d.ts", "README.md"]) expect(paths).toContain(name);
    expect(paths.filter((path) => !/^(dist\/.*\.(js|d\.ts)|README\.md|package\.json|LICENSE)$/.test(path))).toEqual([]);
  }, 120_000);
});
