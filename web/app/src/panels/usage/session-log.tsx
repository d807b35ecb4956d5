import { useGatewayRpc } from "@vestibule/react";
import { Resource, useCan } from "@/shell";
import { formatMoney, formatNumber, plainText, RelativeTime } from "@/ui";
import type { UsageLogs } from "./wire";

const MESSAGES = 50;

/** The last messages of a session and what each of them cost. */
export function SessionLog({ sessionKey }: { sessionKey: string }) {
  const { allowed } = useCan({ methods: ["sessions.usage.logs"] });
  const answer = useGatewayRpc<UsageLogs>(allowed ? "sessions.usage.logs" : null, { key: sessionKey, limit: MESSAGES });
  if (!allowed) return null;
  return (
    <section className="mt-6 grid gap-3">
      <h3 className="text-[0.8125rem] font-semibold">Messages</h3>
      <Resource of={answer} what="messages">
        {({ logs }) => (
          <ol className="divide-y rounded-lg border bg-card" aria-label="Messages of the session">
            {logs.toReversed().map((entry, index) => (
              <li key={`${entry.timestamp} ${index}`} className="grid gap-0.5 px-3 py-2 text-[0.8125rem]">
                <div className="flex flex-wrap gap-x-3 text-xs text-muted-foreground tabular-nums">
                  <span className="grow capitalize">{entry.role}</span>
                  {entry.tokens !== undefined && entry.tokens > 0 && <span>{formatNumber(entry.tokens)} tokens</span>}
                  {entry.cost !== undefined && entry.cost > 0 && <span>{formatMoney(entry.cost)}</span>}
                  <RelativeTime atMs={entry.timestamp} />
                </div>
                <p className="line-clamp-2 wrap-anywhere">{plainText(entry.content)}</p>
              </li>
            ))}
          </ol>
        )}
      </Resource>
    </section>
  );
}
