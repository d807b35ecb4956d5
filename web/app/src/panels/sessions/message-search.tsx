import { useGatewayRpc } from "@vestibule/react";
import { SearchX } from "lucide-react";
import { href, Resource } from "@/shell";
import { Card, Empty, RelativeTime } from "@/ui";
import { agentOf, shortKey } from "./rows";
import type { Found } from "./wire";

/** The gateway gives no more at once. */
const RESULTS = 25;

/** What was said anywhere, and the way to it. */
export function MessageSearch({ query }: { query: string }) {
  const asked = query.trim();
  const found = useGatewayRpc<Found>(
    asked ? "sessions.search" : null,
    { query: asked, limit: RESULTS },
    { events: [] },
  );
  if (!asked) return <Empty title="Search what was said">Words of a message, in any session.</Empty>;
  return (
    <Resource
      of={found}
      what="messages"
      empty={({ results }) => results.length === 0 && <Empty icon={<SearchX />} title={`Nothing about “${asked}”`} />}
    >
      {({ results }) => (
        <Card flush>
          <ul className="divide-y" aria-label="Messages found">
            {results.map((result) => (
              <li key={`${result.sessionKey} ${result.messageId}`}>
                <a
                  className="block px-4 py-3 text-[0.8125rem] hover:bg-hover focus-visible:outline-offset-[-2px]"
                  href={href({ at: "chat", agent: agentOf({ key: result.sessionKey }), sessionKey: result.sessionKey })}
                >
                  <span className="flex gap-2 text-xs text-muted-foreground">
                    <span className="capitalize">{result.role}</span>
                    <span className="min-w-0 grow truncate">{shortKey(result.sessionKey)}</span>
                    {result.timestamp !== undefined && <RelativeTime atMs={result.timestamp} />}
                  </span>
                  <span className="mt-0.5 line-clamp-3 wrap-anywhere">{result.snippet}</span>
                </a>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Resource>
  );
}
