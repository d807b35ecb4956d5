import { useGatewayEvent, useGatewayRpc } from "@vestibule/react";
import { Cpu } from "lucide-react";
import { Panel, Resource, useCan } from "@/shell";
import { Card, Empty } from "@/ui";
import { DecisionsCard } from "./decisions-card";
import { DeviceList } from "./device-list";
import { withStats } from "./host-stats";
import { NodeList } from "./node-list";
import { NodeSheet } from "./node-sheet";
import { waiting } from "./pairing";
import { Requests } from "./requests";
import { RulesCard } from "./rules-card";
import type { DevicePairing, NodeList as Nodes, NodePairing } from "./wire";

/** `presence` tells of nodes that come and go, the others of what was decided about them. */
const HINTS = ["node.pair.*", "node.presence", "device.pair.*", "presence"];

export default function NodesPanel() {
  const seesNodePairing = useCan({ methods: ["node.pair.list"], scopes: ["operator.pairing"] });
  const seesDevices = useCan({ methods: ["device.pair.list"], scopes: ["operator.pairing"] });
  const nodes = useGatewayRpc<Nodes>("node.list", {}, { events: HINTS });
  useGatewayEvent("node.hostStats", ({ payload }) => {
    if (nodes.data) void nodes.mutate(withStats(nodes.data, payload), { revalidate: false });
  });
  const nodePairing = useGatewayRpc<NodePairing>(
    seesNodePairing.allowed ? "node.pair.list" : null,
    {},
    { events: HINTS },
  );
  const devices = useGatewayRpc<DevicePairing>(seesDevices.allowed ? "device.pair.list" : null, {}, { events: HINTS });
  const connected = nodes.data?.nodes.filter((node) => node.connected).length;
  return (
    <Panel title="Nodes" note={nodes.data && `${connected ?? 0} of ${nodes.data.nodes.length} connected`}>
      <Requests waiting={waiting(nodePairing.data, devices.data)} />
      <Card
        title="Nodes"
        description="Hosts that lend the agent their hands: a phone, a desktop, a headless machine."
        flush
      >
        <Resource
          of={nodes}
          what="nodes"
          empty={(data) =>
            data.nodes.length === 0 && (
              <Empty icon={<Cpu />} title="No nodes yet" className="py-10">
                Start one with <code>openclaw node run</code> on a machine that reaches the gateway; its request appears
                here.
              </Empty>
            )
          }
        >
          {(data) => <NodeList nodes={data.nodes} />}
        </Resource>
      </Card>
      <Card title="Devices" description="Every key that was let in, and what it may do." flush>
        {seesDevices.allowed ? (
          <Resource
            of={devices}
            what="devices"
            empty={(data) =>
              data.paired.length === 0 && (
                <p className="px-4 py-8 text-center text-[0.8125rem] text-muted-foreground">No device is paired.</p>
              )
            }
          >
            {(data) => <DeviceList devices={data.paired} />}
          </Resource>
        ) : (
          <p className="px-4 py-8 text-center text-[0.8125rem] text-muted-foreground">{seesDevices.reason}.</p>
        )}
      </Card>
      <RulesCard />
      <DecisionsCard />
      <NodeSheet nodes={nodes.data?.nodes} />
    </Panel>
  );
}
