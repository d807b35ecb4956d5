import { useGatewayRpc } from "@vestibule/react";
import { Check, SearchX } from "lucide-react";
import { useMemo, useState } from "react";
import { Resource, useCan } from "@/shell";
import { Badge, Card, cn, Empty, Label, SearchInput, Switch } from "@/ui";
import { mainSessionOf } from "./agents";
import { filterTools, type ToolRow, toolRows } from "./tools";
import type { Catalog, Effective } from "./wire";

/** Every tool of the gateway, and which ones this agent has in its main session. */
export function ToolsTab({ agentId, mainKey }: { agentId: string; mainKey: string | undefined }) {
  const [query, setQuery] = useState("");
  const [onlyUsed, setOnlyUsed] = useState(false);
  const offered = useCan({ methods: ["tools.effective"] }).allowed;
  const catalog = useGatewayRpc<Catalog>("tools.catalog", { agentId });
  // An agent that was never spoken to has no main session, and the gateway says so with an error: not known, then.
  const effective = useGatewayRpc<Effective>(
    offered ? "tools.effective" : null,
    { sessionKey: mainSessionOf(agentId, mainKey) },
    { shouldRetryOnError: false },
  ).data;
  const groups = useMemo(() => (catalog.data ? toolRows(catalog.data, effective) : []), [catalog.data, effective]);
  const shown = filterTools(groups, query, onlyUsed && effective !== undefined);
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SearchInput label="Filter tools" value={query} onChange={setQuery} className="w-64" />
        {effective ? (
          <span className="flex items-center gap-2">
            <Switch id="only-used" checked={onlyUsed} onCheckedChange={setOnlyUsed} />
            <Label htmlFor="only-used" className="font-normal">
              Only those in use
            </Label>
            {effective.profile && <Badge tone="outline">profile {effective.profile}</Badge>}
          </span>
        ) : (
          <span className="text-xs text-muted-foreground">
            Which ones are in use shows after the first message to this agent.
          </span>
        )}
      </div>
      <Resource
        of={catalog}
        what="tools"
        empty={() => shown.length === 0 && <Empty icon={<SearchX />} title="No such tool" />}
      >
        {() => (
          <div className="grid gap-4 md:grid-cols-2">
            {shown.map((group) => (
              <Card key={group.id} title={group.label} description={group.source} flush>
                <ul className="divide-y">
                  {group.tools.map((tool) => (
                    <ToolLine key={tool.id} tool={tool} />
                  ))}
                </ul>
              </Card>
            ))}
          </div>
        )}
      </Resource>
    </div>
  );
}

function ToolLine({ tool }: { tool: ToolRow }) {
  return (
    <li className={cn("flex gap-3 px-4 py-2 text-[0.8125rem]", tool.inUse === false && "text-muted-foreground")}>
      <div className="min-w-0 grow">
        <code className="font-medium">{tool.id}</code>
        {tool.description && <p className="text-xs text-muted-foreground">{tool.description}</p>}
      </div>
      {tool.inUse === true && (
        <span className="flex items-center gap-1 self-start text-xs text-success">
          <Check className="size-3.5" aria-hidden />
          in use
        </span>
      )}
    </li>
  );
}
