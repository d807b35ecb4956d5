/** What was asked of people and decided, for a person to read. Pure. */
import type { Tone } from "@/ui";
import type { Decided } from "./wire";

const STATUS: Readonly<Record<string, Tone>> = {
  allowed: "success",
  denied: "danger",
  expired: "warning",
  cancelled: "neutral",
};

export const toneOf = (status: string): Tone => STATUS[status] ?? "neutral";

/** The command, or what another kind is called. */
export const askedOf = ({ presentation }: Decided): string =>
  presentation.commandText ?? presentation.title ?? presentation.kind;

const REASONS: Readonly<Record<string, string>> = {
  "no-route": "nobody could be asked",
  timeout: "nobody answered in time",
};

/** "allow-once by device 4f2c…", "nobody could be asked". */
export function howOf({ decision, reason, resolver }: Decided): string {
  if (reason !== undefined && REASONS[reason] !== undefined) return REASONS[reason];
  const by = resolver === undefined ? "" : ` by ${[resolver.kind, resolver.id].filter(Boolean).join(" ")}`;
  return `${decision ?? reason ?? "ended"}${by}`;
}
