import { useConnection, useGatewayStatus } from "@vestibule/react";
import { ChevronRight } from "lucide-react";
import { href } from "@/shell";
import { Card, formatDuration, KeyValue, RelativeTime, StatusDot } from "@/ui";
import type { Problem } from "./vitals";
import type { Health, Status, SystemInfo } from "./wire";

/** Is it well, since when, and what is not. */
export function Headline({
  problems,
  health,
  status,
  system,
  model,
}: {
  problems: readonly Problem[];
  health: Health;
  status: Status | undefined;
  system: SystemInfo | undefined;
  model: string | undefined;
}) {
  const gateway = useGatewayStatus();
  const { isOpen } = useConnection();
  const away = !isOpen || (gateway !== null && gateway.state !== "ready");
  const well = problems.length === 0;
  const version = status?.runtimeVersion ?? gateway?.version;
  return (
    <Card>
      <div className="flex flex-wrap items-start gap-x-10 gap-y-4 pt-1">
        <div className="min-w-60 grow">
          <div className="flex items-center gap-2.5">
            <StatusDot tone={away ? "neutral" : well ? "success" : "warning"} className="size-2.5" />
            <h2 className="text-[0.9375rem] font-semibold tracking-[-0.01em]">
              {away ? "Not reachable at the moment" : well ? "All is well" : "Needs a look"}
            </h2>
          </div>
          <p className="mt-1 text-[0.8125rem] text-muted-foreground">
            {away ? "What you see is from " : "The gateway reported "}
            <RelativeTime atMs={health.ts} />.
          </p>
          {!well && (
            <ul className="mt-3 grid gap-1.5 text-[0.8125rem]" aria-label="What needs a look">
              {problems.map((problem) => (
                <li key={problem.id} className="flex items-start gap-2">
                  <span aria-hidden className="mt-[0.45rem] size-1.5 shrink-0 rounded-full bg-warning" />
                  {problem.panel === undefined ? (
                    <span className="wrap-anywhere">{problem.text}</span>
                  ) : (
                    <a
                      href={href({ at: "panel", id: problem.panel, rest: [] })}
                      className="inline-flex items-center wrap-anywhere underline decoration-input underline-offset-4 hover:decoration-foreground"
                    >
                      {problem.text}
                      <ChevronRight className="size-3.5 shrink-0 text-muted-foreground" aria-hidden />
                    </a>
                  )}
                </li>
              ))}
            </ul>
          )}
        </div>
        <KeyValue
          className="min-w-64 max-sm:w-full"
          rows={[
            ["OpenClaw", version ?? null],
            ["Up for", system?.uptimeMs === undefined ? null : formatDuration(system.uptimeMs)],
            ["Model", model ?? null],
            ["Host", hostOf(system)],
          ]}
        />
      </div>
    </Card>
  );
}

const hostOf = (system: SystemInfo | undefined): string | null =>
  [system?.machineName, system?.osLabel, system?.nodeVersion && `Node ${system.nodeVersion}`]
    .filter(Boolean)
    .join(" · ") || null;
