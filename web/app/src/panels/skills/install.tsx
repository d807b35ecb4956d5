import { type DoorError, useGatewayAction } from "@vestibule/react";
import { Download } from "lucide-react";
import { GatedButton } from "@/shell";
import { ErrorNote, Progress } from "@/ui";
import { Button } from "@/ui";
import type { Installer, Skill } from "./wire";

/** Longer than a call usually may take: the gateway runs a package manager. */
export const INSTALL_MS = 120_000;
/** The gateway ends an installation at its own deadline; ours is later, so that its words arrive (W5). */
export const PATIENCE_MS = INSTALL_MS + 10_000;

type InstallProps = { skill: Skill; installer: Installer; onChange: () => void };

/** Installs what a skill needs. It goes on at the gateway when nobody waits any more, and says so. */
export function Install({ skill, installer, onChange }: InstallProps) {
  const install = useGatewayAction<{ message?: string }>("skills.install", {
    refetch: "skills.status",
    timeoutMs: PATIENCE_MS,
  });
  const run = () => void install.run({ name: skill.name, installId: installer.id, timeoutMs: INSTALL_MS });
  if (install.isRunning) {
    return (
      <div role="status" className="grid h-7 min-w-52 content-center gap-1.5 text-xs text-muted-foreground max-md:h-11">
        {installer.label}: under way…
        <Progress label={installer.label} />
      </div>
    );
  }
  if (install.error && isStillRunning(install.error)) {
    return (
      <div role="status" className="flex flex-wrap items-center gap-2 text-xs text-muted-foreground">
        Still running at the gateway.
        <Button
          size="sm"
          onClick={() => {
            install.reset();
            onChange();
          }}
        >
          Look again
        </Button>
      </div>
    );
  }
  return (
    <div className="grid min-w-0 gap-2">
      <GatedButton
        size="sm"
        className="justify-self-start"
        needs={{ methods: ["skills.install"], scopes: ["operator.admin"] }}
        onClick={run}
        aria-label={`${installer.label} for ${skill.name}`}
      >
        <Download />
        {installer.label}
      </GatedButton>
      {install.error && <ErrorNote error={install.error} doing="Installing" />}
    </div>
  );
}

/** Nobody answered in time, or the line went away meanwhile: neither says that it failed. */
export const isStillRunning = (error: Pick<DoorError, "code" | "mayHaveRun">): boolean =>
  error.code === "TIMEOUT" || (error.code === "CONNECTION_LOST" && error.mayHaveRun);
