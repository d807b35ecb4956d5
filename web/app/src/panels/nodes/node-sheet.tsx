import { useGatewayRpc, useGatewayRpcMutation } from "@vestibule/react";
import type { ReactNode } from "react";
import { navigate, notify, Resource, usePanelRest } from "@/shell";
import { Badge, CopyButton, KeyValue, RelativeTime, Sheet, SheetContent } from "@/ui";
import { GatedConfirm } from "./gated-confirm";
import { diskOf, loadOf, memoryOf } from "./host-stats";
import { Invoke } from "./invoke";
import { nodeName, NodeState } from "./node-list";
import { Rename } from "./rename";
import type { GatewayNode, HostStats } from "./wire";

const close = () => navigate({ at: "panel", id: "nodes", rest: [] });

/** The node of the address (`#/panels/nodes/<nodeId>`), beside the list. */
export function NodeSheet({ nodes }: { nodes: readonly GatewayNode[] | undefined }) {
  const [nodeId] = usePanelRest();
  const listed = nodes?.find((node) => node.nodeId === nodeId);
  return (
    <Sheet open={nodeId !== undefined} onOpenChange={(open) => !open && close()}>
      {nodeId !== undefined && (
        <SheetContent
          title={listed ? nodeName(listed) : "Node"}
          description={[listed?.platform, listed?.version].filter(Boolean).join(" · ") || undefined}
          footer={listed && <Actions node={listed} />}
        >
          <Details nodeId={nodeId} stats={listed?.hostStats} />
        </SheetContent>
      )}
    </Sheet>
  );
}

function Details({ nodeId, stats }: { nodeId: string; stats: HostStats | undefined }) {
  const node = useGatewayRpc<GatewayNode>("node.describe", { nodeId }, { events: ["node.pair.*", "presence"] });
  return (
    <Resource of={node} what="this node">
      {(data) => (
        <>
          <KeyValue
            rows={[
              ["State", <NodeState key="state" node={data} />],
              [
                "Approved",
                data.approvedAtMs === undefined ? "not yet" : <RelativeTime key="at" atMs={data.approvedAtMs} />,
              ],
              ["Program", data.clientId],
              ["Device", data.deviceFamily],
              ["Address", data.remoteIp],
              ["Load", stats && loadOf(stats)],
              ["Memory", stats && memoryOf(stats)],
              ["Disk", stats && diskOf(stats)],
              ["Capabilities", <Names key="caps" names={data.caps} />],
              ["Commands", <Names key="commands" names={data.commands} />],
              [
                "Id",
                <span key="id" className="flex items-start gap-1">
                  <code className="text-xs wrap-anywhere">{data.nodeId}</code>
                  <CopyButton text={data.nodeId} label="Copy the node's id" />
                </span>,
              ],
            ]}
          />
          {data.connected && <Invoke key={data.commands?.join(" ")} nodeId={nodeId} commands={data.commands ?? []} />}
        </>
      )}
    </Resource>
  );
}

function Names({ names }: { names: readonly string[] | undefined }): ReactNode {
  if (!names || names.length === 0) return "none";
  return (
    <span className="flex flex-wrap gap-1">
      {names.map((name) => (
        <Badge key={name} tone="outline">
          {name}
        </Badge>
      ))}
    </span>
  );
}

function Actions({ node }: { node: GatewayNode }) {
  const call = useGatewayRpcMutation();
  const { nodeId } = node;
  const name = nodeName(node);
  const remove = async () => {
    await call("node.pair.remove", { nodeId }, { refetch: ["node.list", "node.pair.list", "device.pair.list"] });
    close();
    notify.success(`${name} was removed`);
  };
  return (
    <>
      <GatedConfirm
        needs={{ methods: ["node.pair.remove"], scopes: ["operator.pairing"] }}
        variant="danger-ghost"
        danger
        title={`Remove ${name}?`}
        description="Its connection ends, its token is no longer good, and the agent cannot use it. To come back it has to ask again."
        action="Remove node"
        onConfirm={remove}
      >
        Remove
      </GatedConfirm>
      <Rename
        what="node"
        name={name}
        needs={{ methods: ["node.rename"], scopes: ["operator.pairing"] }}
        onRename={(displayName) =>
          call("node.rename", { nodeId, displayName }, { refetch: ["node.list", "node.describe", "device.pair.list"] })
        }
      />
    </>
  );
}
