import { useGatewayRpc } from "@vestibule/react";
import { MonitorSmartphone, SearchX } from "lucide-react";
import { useState } from "react";
import { Panel, Resource } from "@/shell";
import { Empty, SearchInput } from "@/ui";
import { Clients } from "./clients";
import { InstanceList } from "./instance-list";
import { readRoster } from "./roster";
import type { Presence } from "./wire";

export default function Instances() {
  const [query, setQuery] = useState("");
  // The event `presence` carries the whole list: the hook takes it as the answer, nothing is asked again.
  const instances = useGatewayRpc<readonly Presence[]>("system-presence");
  const here = instances.data && readRoster(instances.data).here.length;
  return (
    <Panel
      title="Instances"
      note={here !== undefined && `${here} connected`}
      toolbar={
        <SearchInput label="Filter instances" value={query} onChange={setQuery} className="w-64 max-sm:w-full" />
      }
    >
      <Resource
        of={instances}
        what="instances"
        shape="cards"
        empty={(data) =>
          data.length === 0 && (
            <Empty icon={<MonitorSmartphone />} title="Nothing tells that it is connected">
              Apps, browsers and nodes appear here as soon as they reach the gateway.
            </Empty>
          )
        }
      >
        {(data) => {
          const { here, gone } = readRoster(data, query);
          if (here.length + gone.length === 0) {
            return (
              <Empty icon={<SearchX />} title="Nothing matches">
                No instance has “{query.trim()}” in its name, kind, address or version.
              </Empty>
            );
          }
          return (
            <>
              <InstanceList title="Connected" instances={here} />
              <InstanceList title="Gone lately" instances={gone} />
            </>
          );
        }}
      </Resource>
      <Clients query={query} />
    </Panel>
  );
}
