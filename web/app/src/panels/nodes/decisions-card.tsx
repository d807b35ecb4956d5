import { useGatewayRpc } from "@vestibule/react";
import { useState } from "react";
import { type Needs, Resource, useCan } from "@/shell";
import { Badge, Button, Card, RelativeTime } from "@/ui";
import { askedOf, howOf, toneOf } from "./decisions";
import type { ApprovalHistory, Decided } from "./wire";

const NEEDS: Needs = { methods: ["approval.history"], scopes: ["operator.approvals"] };
const DECIDED = ["exec.approval.resolved", "plugin.approval.resolved", "openclaw.approval.resolved"];
const PAGE = 10;
/** The gateway gives no more at once. */
const MOST = 100;

/** What agents wanted to do and somebody, or nobody, allowed. */
export function DecisionsCard() {
  const sees = useCan(NEEDS);
  const [limit, setLimit] = useState(PAGE);
  const history = useGatewayRpc<ApprovalHistory>(
    sees.allowed ? "approval.history" : null,
    { limit },
    { events: DECIDED },
  );
  return (
    <Card title="Decisions" description="What agents asked for, and what became of it." flush>
      {sees.allowed ? (
        <Resource
          of={history}
          what="decisions"
          empty={(data) =>
            data.items.length === 0 && (
              <p className="px-4 py-8 text-center text-[0.8125rem] text-muted-foreground">Nothing was asked yet.</p>
            )
          }
        >
          {(data) => (
            <>
              <ul className="divide-y" aria-label="Decisions">
                {data.items.map((decided) => (
                  <Row key={decided.id} decided={decided} />
                ))}
              </ul>
              {data.nextCursor !== undefined && limit < MOST && (
                <div className="border-t px-4 py-2">
                  <Button size="sm" variant="ghost" onClick={() => setLimit(MOST)}>
                    Show more
                  </Button>
                </div>
              )}
            </>
          )}
        </Resource>
      ) : (
        <p className="px-4 py-8 text-center text-[0.8125rem] text-muted-foreground">{sees.reason}.</p>
      )}
    </Card>
  );
}

function Row({ decided }: { decided: Decided }) {
  const { status, source, presentation, resolvedAtMs } = decided;
  const from = [source?.agentId ?? presentation.agentId, presentation.host].filter(Boolean).join(" on ");
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-center gap-2">
          <code className="text-xs wrap-anywhere">{askedOf(decided)}</code>
          <Badge tone={toneOf(status)}>{status}</Badge>
        </p>
        <p className="text-xs wrap-anywhere text-muted-foreground">
          {[from, howOf(decided)].filter(Boolean).join(" · ")}
        </p>
      </div>
      <RelativeTime atMs={resolvedAtMs} className="shrink-0 text-xs text-muted-foreground" />
    </li>
  );
}
