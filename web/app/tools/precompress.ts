import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const KINDS = new Set([".js", ".css", ".html", ".svg", ".json"]);
const WORTH_BYTES = 1_024;
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Writes `x.br` and `x.gz` beside each text file of the build: the door sends them as they are. */
export function precompress(): Plugin {
  let folder = "";
  return {
    name: "precompress",
    apply: "build",
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    closeBundle: async () => {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !KINDS.has(extname(entry.name)) || entry.parentPath.endsWith(".vite")) continue;
        const path = join(entry.parentPath, entry.name);
        const body = await readFile(path);
        if (body.length < WORTH_BYTES) continue;
        await writeFile(`${path}.br`, await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        await writeFile(`${path}.gz`, await zip(body, { level: 9 }));
      }
    },
  };
}
