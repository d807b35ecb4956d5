import { ChevronRight, Cpu } from "lucide-react";
import { href } from "@/shell";
import { Badge, RelativeTime, StatusDot } from "@/ui";
import { memoryOf } from "./host-stats";
import { shortId } from "./pairing";
import type { GatewayNode } from "./wire";

export function NodeList({ nodes }: { nodes: readonly GatewayNode[] }) {
  return (
    <ul className="divide-y">
      {nodes.toSorted(connectedFirst).map((node) => (
        <li key={node.nodeId}>
          <a
            href={href({ at: "panel", id: "nodes", rest: [node.nodeId] })}
            className="flex min-h-14 items-center gap-3 px-4 py-2 hover:bg-hover focus-visible:outline-offset-[-2px]"
          >
            <Cpu className="size-4 shrink-0 text-muted-foreground" aria-hidden />
            <span className="min-w-0 grow">
              <span className="flex flex-wrap items-center gap-2 text-[0.8125rem] font-semibold">
                <span className="wrap-anywhere">{nodeName(node)}</span>
                {node.approvalState === "pending-approval" && <Badge tone="warning">waits for approval</Badge>}
              </span>
              <span className="block text-xs text-muted-foreground">
                {[node.platform, node.version, commandCount(node), node.hostStats && memoryOf(node.hostStats)]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
            <NodeState node={node} />
            <ChevronRight className="size-4 shrink-0 text-muted-foreground" aria-hidden />
          </a>
        </li>
      ))}
    </ul>
  );
}

export function NodeState({ node }: { node: GatewayNode }) {
  return (
    <span className="flex shrink-0 items-center gap-1.5 text-xs text-muted-foreground">
      <StatusDot tone={node.connected ? "success" : "neutral"} />
      {node.connected ? (
        "Connected"
      ) : (
        <span>
          Last seen <RelativeTime atMs={node.lastSeenAtMs} />
        </span>
      )}
    </span>
  );
}

export const nodeName = (node: GatewayNode): string => node.displayName ?? shortId(node.nodeId);

function commandCount({ commands }: GatewayNode): string {
  const count = commands?.length ?? 0;
  return count === 1 ? "1 command" : `${count} commands`;
}

const connectedFirst = (one: GatewayNode, other: GatewayNode): number =>
  Number(other.connected ?? false) - Number(one.connected ?? false) || nodeName(one).localeCompare(nodeName(other));
