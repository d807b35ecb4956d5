import { LoaderCircle } from "lucide-react";
import { href } from "@/shell";
import { Badge } from "@/ui";
import { nameOf } from "./agents";
import { Avatar, useIdentity } from "./avatar";
import type { Agent, AgentsList } from "./wire";

/** Every agent as a card, and those that are being made. */
export function AgentGrid({ list, pending }: { list: AgentsList; pending: readonly { id: string; name: string }[] }) {
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(17rem,100%),1fr))] gap-3">
      {list.agents.map((agent) => (
        <li key={agent.id}>
          <AgentCard agent={agent} isDefault={agent.id === list.defaultId} />
        </li>
      ))}
      {pending.map(({ id, name }) => (
        <li
          key={id}
          role="status"
          className="flex items-center gap-3 rounded-xl border border-dashed px-4 py-4 text-[0.8125rem] text-muted-foreground"
        >
          <LoaderCircle className="size-4 animate-spin" aria-hidden />
          {name} is being set up…
        </li>
      ))}
    </ul>
  );
}

function AgentCard({ agent, isDefault }: { agent: Agent; isDefault: boolean }) {
  const identity = useIdentity(agent.id).data;
  return (
    <a
      href={href({ at: "panel", id: "agents", rest: [agent.id] })}
      className="grid h-full gap-3 rounded-xl *:min-w-0 border bg-card px-4 py-4 shadow-raised transition-colors hover:bg-hover"
    >
      <span className="flex items-center gap-3">
        <Avatar agent={agent} identity={identity} />
        <span className="min-w-0 grow">
          <span className="block truncate text-sm font-semibold">{nameOf(agent, identity)}</span>
          <span className="block truncate text-xs text-muted-foreground">{agent.id}</span>
        </span>
        {agent.status === "degraded" && <Badge tone="warning">degraded</Badge>}
        {isDefault && <Badge tone="brand">default</Badge>}
      </span>
      <span className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted-foreground">
        <span className="truncate">{agent.model?.primary ?? "default model"}</span>
        {agent.thinkingDefault && <span>thinks {agent.thinkingDefault}</span>}
      </span>
    </a>
  );
}
