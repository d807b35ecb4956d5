import { useGatewayRpc } from "@vestibule/react";
import { useCan, useHasArchive } from "@/shell";
import { SearchInput, Segmented, Select } from "@/ui";
import type { Filter } from "./filter";
import type { AgentsList } from "./wire";

export type Look = Filter & { where: "titles" | "messages" };

const EVERY = "*";

/** What is looked for, and where. */
export function Toolbar({ look, onChange }: { look: Look; onChange: (look: Look) => void }) {
  const inMessages = useCan({ methods: ["sessions.search"] }).allowed;
  const hasArchive = useHasArchive();
  return (
    <>
      <SearchInput
        label={look.where === "titles" ? "Search sessions" : "Search in messages"}
        className="max-w-72 min-w-48 grow max-md:max-w-none max-md:basis-full"
        value={look.search}
        onChange={(search) => onChange({ ...look, search })}
      />
      {inMessages && (
        <Segmented
          label="Search in"
          value={look.where}
          onChange={(where) => onChange({ ...look, where })}
          options={[
            { value: "titles", label: "Titles" },
            { value: "messages", label: "Messages" },
          ]}
        />
      )}
      {look.where === "titles" && (
        <>
          <AgentSelect value={look.agentId} onChange={(agentId) => onChange({ ...look, agentId })} />
          {hasArchive && (
            <Segmented
              label="Which sessions"
              value={look.archived ? "archived" : "active"}
              onChange={(which) => onChange({ ...look, archived: which === "archived" })}
              options={[
                { value: "active", label: "Active" },
                { value: "archived", label: "Archived" },
              ]}
            />
          )}
        </>
      )}
    </>
  );
}

/** Nothing to choose where there is one agent only. */
function AgentSelect({ value, onChange }: { value: string | null; onChange: (agentId: string | null) => void }) {
  const agents = useGatewayRpc<AgentsList>("agents.list").data?.agents ?? [];
  if (agents.length < 2) return null;
  return (
    <Select
      aria-label="Agent"
      className="w-40"
      value={value ?? EVERY}
      onChange={(id) => onChange(id === EVERY ? null : id)}
      options={[
        { value: EVERY, label: "All agents" },
        ...agents.map(({ id, name }) => ({ value: id, label: name ?? id })),
      ]}
    />
  );
}
