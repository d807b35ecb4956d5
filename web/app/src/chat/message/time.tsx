import { formatDateTime } from "@/ui";

const SHORT = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** When something was said: the clock, with the date on hover. */
export function Time({ atMs }: { atMs: number | null }) {
  if (atMs === null) return null;
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      title={formatDateTime(atMs)}
      className="px-1 text-xs tabular-nums text-muted-foreground"
    >
      {SHORT.format(atMs)}
    </time>
  );
}
