import { ChevronsUpDown } from "lucide-react";
import { navigate } from "@/shell";
import {
  Button,
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "@/ui";
import { nameIn, useAgents } from "./use-agents";

/** With whom one talks. */
export function AgentSwitcher({ agent }: { agent: string }) {
  const { agents } = useAgents();
  const all = agents.some(({ id }) => id === agent)
    ? agents
    : [{ id: agent, name: nameIn(agents, agent), emoji: null }, ...agents];
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" className="min-w-0 grow justify-start gap-2 px-2 text-foreground">
          <Face name={nameIn(agents, agent)} emoji={all.find(({ id }) => id === agent)?.emoji ?? null} />
          <span className="min-w-0 truncate">
            <span className="sr-only">Agent: </span>
            {nameIn(agents, agent)}
          </span>
          <ChevronsUpDown className="ml-auto size-3.5 text-muted-foreground" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start" className="w-56">
        <DropdownMenuRadioGroup value={agent} onValueChange={(id) => navigate({ at: "chat", agent: id })}>
          {all.map(({ id, name, emoji }) => (
            <DropdownMenuRadioItem key={id} value={id}>
              <Face name={name} emoji={emoji} />
              <span className="min-w-0 truncate">{name}</span>
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

export function Face({ name, emoji }: { name: string; emoji: string | null }) {
  return (
    <span
      aria-hidden
      className="grid size-5 shrink-0 place-content-center rounded-md bg-brand-soft text-[0.6875rem] font-semibold text-brand"
    >
      {emoji ?? name.charAt(0).toUpperCase()}
    </span>
  );
}
