import { useGatewayRpc } from "@vestibule/react";
import { Resource, useCan } from "@/shell";
import { plainText } from "@/ui";
import type { Previews } from "./wire";

const MESSAGES = 6;

/** The last few messages, to see what a session is about. */
export function Preview({ sessionKey }: { sessionKey: string }) {
  const { allowed } = useCan({ methods: ["sessions.preview"] });
  const previews = useGatewayRpc<Previews>(allowed ? "sessions.preview" : null, {
    keys: [sessionKey],
    limit: MESSAGES,
  });
  if (!allowed) return null;
  const none = <p className="text-[0.8125rem] text-muted-foreground">Nothing has been said yet.</p>;
  return (
    <section className="grid gap-3">
      <h3 className="text-[0.8125rem] font-semibold">Last messages</h3>
      <Resource of={previews} what="messages" empty={(data) => itemsOf(data).length === 0 && none}>
        {(data) => (
          <ol className="grid gap-3">
            {itemsOf(data).map((item, index) => (
              <li key={index} className="grid gap-0.5 text-[0.8125rem]">
                <span className="text-xs font-medium text-muted-foreground">{SPEAKER[item.role] ?? "Other"}</span>
                <p className="line-clamp-6 wrap-anywhere">{item.text}</p>
              </li>
            ))}
          </ol>
        )}
      </Resource>
    </section>
  );
}

const SPEAKER: Readonly<Record<string, string>> = {
  user: "User",
  assistant: "Agent",
  tool: "Tool",
  toolResult: "Tool",
  system: "System",
};

/** What is said in words: without marks, and without what holds none. */
const itemsOf = ({ previews }: Previews) =>
  (previews[0]?.items ?? [])
    .map(({ role, text }) => ({ role, text: plainText(text) }))
    .filter(({ text }) => text !== "");
