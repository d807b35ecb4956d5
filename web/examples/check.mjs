/**
 * Checks every example against the packages as they would be published:  check.mjs types|build
 *
 * `types` uses what is installed, with the packages as they are now; `build` installs anew, and builds.
 */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const packages = fileURLToPath(new URL("../packages/", import.meta.url));
const env = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: "1",
  // A key of the right shape; nothing is called with it while building.
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_test_${btoa("example.clerk.accounts.dev$")}`,
  NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: "1",
  NEXT_PUBLIC_WS_URL: "wss://door.example/ws",
};
const [what] = process.argv.slice(2);

for (const entry of readdirSync(here, { withFileTypes: true }).filter((each) => each.isDirectory())) {
  const cwd = `${here}${entry.name}`;
  const npm = (...args) => {
    console.log(`${entry.name}: npm ${args.join(" ")}`);
    execFileSync("npm", ["--silent", ...args], { cwd, env, stdio: "inherit" });
  };
  if (what === "types" && isInstalled(cwd)) refreshPackages(cwd);
  else npm("ci");
  npm("run", "types");
  if (what === "build") npm("run", "build");
}

/** Whether all of its lock file is there. */
function isInstalled(folder) {
  const writtenMs = (path) => statSync(`${folder}/${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return writtenMs("node_modules/.package-lock.json") > writtenMs("package-lock.json");
}

/** npm copied them when it installed; they may have changed since. */
function refreshPackages(folder) {
  for (const name of readdirSync(packages)) {
    const copy = `${folder}/node_modules/@vestibule/${name}`;
    rmSync(copy, { recursive: true });
    for (const part of ["package.json", "dist"])
      cpSync(`${packages}${name}/${part}`, `${copy}/${part}`, { recursive: true });
  }
}
