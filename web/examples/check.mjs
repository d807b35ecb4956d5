/** Installs, type-checks and builds every example, against the packages as they would be published. */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const env = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: "1",
  // A key of the right shape; nothing is called with it while building.
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_test_${btoa("example.clerk.accounts.dev$")}`,
  NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: "1",
  NEXT_PUBLIC_WS_URL: "wss://door.example/ws",
};

for (const entry of readdirSync(here, { withFileTypes: true }).filter((each) => each.isDirectory())) {
  for (const args of [["ci"], ["run", "types"], ["run", "build"]]) {
    console.log(`${entry.name}: npm ${args.join(" ")}`);
    execFileSync("npm", args, { cwd: `${here}${entry.name}`, env, stdio: "inherit" });
  }
}
