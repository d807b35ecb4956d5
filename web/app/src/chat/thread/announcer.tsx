import type { Activity, ChatItem } from "@vestibule/react";
import { useState } from "react";

/** More than this nobody wants to be read out unasked. */
const LONGEST = 1_000;

/** For screen readers: that the agent works, then its answer, once. Not each increment. */
export function Announcer({ activity, items }: { activity: Activity; items: readonly ChatItem[] }) {
  const [heard, setHeard] = useState({ at: activity.at, said: "" });
  if (heard.at !== activity.at) setHeard({ at: activity.at, said: words(heard.at, activity.at, items) ?? heard.said });
  return (
    <p aria-live="polite" className="sr-only">
      {heard.said}
    </p>
  );
}

function words(before: Activity["at"], now: Activity["at"], items: readonly ChatItem[]): string | null {
  if (now === "running") return "The agent is working.";
  if (now === "queued") return "Not connected: your message is queued.";
  return now === "idle" && before === "running" ? lastAnswer(items) : null;
}

function lastAnswer(items: readonly ChatItem[]): string {
  const last = items.findLast((item) => item.kind === "assistant");
  if (last === undefined) return "";
  if (last.state.at === "failed") return `The answer failed: ${last.state.message}`;
  return last.parts
    .map((part) => (part.kind === "text" ? part.text : ""))
    .join("")
    .slice(-LONGEST);
}
