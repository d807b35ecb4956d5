import { useGatewayRpc } from "@vestibule/react";
import { useCan } from "@/shell";
import { Select } from "@/ui";
import type { Agents } from "./wire";

/** Whose skills are shown; nothing to choose where there is one agent. */
export function AgentChoice({ agentId, onChange }: { agentId: string | undefined; onChange: (id: string) => void }) {
  const { allowed } = useCan({ methods: ["agents.list"] });
  const { data } = useGatewayRpc<Agents>(allowed ? "agents.list" : null);
  if (!data || data.agents.length < 2) return null;
  return (
    <Select
      aria-label="Agent"
      className="w-44"
      value={agentId ?? data.defaultId}
      onChange={onChange}
      options={data.agents.map(({ id, name }) => ({ value: id, label: name ?? id }))}
    />
  );
}
