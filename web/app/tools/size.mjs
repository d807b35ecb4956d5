// How much JavaScript the first page needs, by the build's manifest: `npm run size -w app` fails above the limit.
import { existsSync, readFileSync, statSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 250;
const folder = new URL("../../../src/vestibule/edge/http/static/app/", import.meta.url);
if (!existsSync(new URL(".vite/manifest.json", folder))) {
  console.error("Not built yet: npm run build -w app");
  process.exit(2);
}
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", folder), "utf8"));

/** The files of a chunk and of all it imports statically. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

const zipped = (file) => {
  const gz = new URL(`${file}.gz`, folder);
  return existsSync(gz) ? statSync(gz).size : gzipSync(readFileSync(new URL(file, folder))).length;
};
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const sizeOf = (keys) => [...keys].map((key) => zipped(manifest[key].file)).reduce((sum, size) => sum + size, 0);

const first = closure("index.html");
const total = sizeOf(first);
console.log(`first page: ${kb(total)} of JavaScript, gzip, in ${first.size} files (limit ${LIMIT_KB} KB)`);
for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry) continue;
  const more = [...closure(key)].filter((part) => !first.has(part));
  console.log(`  ${chunk.src ?? key}: ${kb(sizeOf(more))} more`);
}
process.exit(total > LIMIT_KB * 1024 ? 1 : 0);
