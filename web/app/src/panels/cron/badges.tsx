import { Badge, StatusDot, type Tone } from "@/ui";
import { Lock } from "lucide-react";
import { type Condition, conditionOf } from "./jobs";
import type { Job, RunStatus } from "./wire";

const WORDS: Readonly<Record<Condition, { word: string; tone: Tone }>> = {
  running: { word: "Running", tone: "info" },
  failing: { word: "Last run failed", tone: "danger" },
  "auto-disabled": { word: "Given up", tone: "danger" },
  disabled: { word: "Disabled", tone: "neutral" },
  ok: { word: "Last run ok", tone: "success" },
  skipped: { word: "Last run skipped", tone: "warning" },
  never: { word: "Not run yet", tone: "outline" },
};

export function ConditionBadge({ job }: { job: Job }) {
  const condition = conditionOf(job);
  const { word, tone } = WORDS[condition];
  return (
    <Badge tone={tone}>
      <StatusDot tone={tone} busy={condition === "running"} className="size-1.5" />
      {word}
    </Badge>
  );
}

const STATUS: Readonly<Record<RunStatus, { word: string; tone: Tone }>> = {
  ok: { word: "ok", tone: "success" },
  error: { word: "error", tone: "danger" },
  skipped: { word: "skipped", tone: "warning" },
};

export function RunBadge({ status }: { status: RunStatus | undefined }) {
  if (status === undefined) return <Badge tone="outline">unknown</Badge>;
  return <Badge tone={STATUS[status].tone}>{STATUS[status].word}</Badge>;
}

export const SystemBadge = () => (
  <Badge tone="outline" title="Kept by the gateway or a plugin: it would come back if it were deleted.">
    <Lock aria-hidden />
    system
  </Badge>
);

export const OverdueBadge = () => <Badge tone="warning">overdue</Badge>;
