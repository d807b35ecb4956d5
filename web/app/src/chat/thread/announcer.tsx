import type { Activity, ChatItem } from "@vestibule/react";
import { useEffect, useRef, useState } from "react";

/** More than this nobody wants to be read out unasked. */
const LONGEST = 1_000;

/** For screen readers: that the agent works, then its answer, once. Not each increment. */
export function Announcer({ activity, items }: { activity: Activity; items: readonly ChatItem[] }) {
  const [said, setSaid] = useState("");
  const before = useRef(activity.at);
  useEffect(() => {
    const was = before.current;
    before.current = activity.at;
    if (was === activity.at) return;
    if (activity.at === "running" && was !== "running") setSaid("The agent is working.");
    else if (activity.at === "idle" && was === "running") setSaid(lastAnswer(items));
    else if (activity.at === "queued") setSaid("Not connected: your message is queued.");
  }, [activity.at, items]);
  return (
    <p aria-live="polite" className="sr-only">
      {said}
    </p>
  );
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
