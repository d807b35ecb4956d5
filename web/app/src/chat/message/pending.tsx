import type { Activity, ChatItem } from "@vestibule/react";

/** A message is on its way, and nothing has come of it yet. */
export function Pending({ activity, items }: { activity: Activity; items: readonly ChatItem[] }) {
  const waiting = activity.at === "sent" || activity.at === "running";
  if (!waiting || items.at(-1)?.kind !== "user") return null;
  return (
    <p className="flex h-6 items-center gap-2.5 text-[0.8125rem] text-muted-foreground">
      <span aria-hidden className="size-2 animate-breathe rounded-full bg-brand" />
      {activity.at === "sent" ? "Sending…" : "Working…"}
    </p>
  );
}
