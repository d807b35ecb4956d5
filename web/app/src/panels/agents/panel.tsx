import { useGatewayRpc } from "@vestibule/react";
import { Bot, Plus, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { GatedButton, href, navigate, notify, Panel, Resource, type Route, usePanelRest } from "@/shell";
import { Button, Empty } from "@/ui";
import { AgentGrid } from "./agent-grid";
import { AgentPage } from "./agent-page";
import { CreateDialog } from "./create-dialog";
import { usePending } from "./use-pending";
import type { AgentsList, Created, Deleted } from "./wire";

type Remains = { name: string; failed: NonNullable<Deleted["failed"]> };

/** The agents of the gateway; `#/panels/agents/<id>/<tab>` is one of them. */
export default function Agents() {
  const agents = useGatewayRpc<AgentsList>("agents.list");
  const { pending, expect } = usePending(agents);
  const [creating, setCreating] = useState(false);
  const [remains, setRemains] = useState<Remains | null>(null);
  const [opened, ...rest] = usePanelRest();

  const created = async (agent: Created) => {
    const isListed = await expect(agent);
    if (isListed) goOn(LIST, { at: "panel", id: "agents", rest: [agent.agentId, "files"] });
    else notify.info(`${agent.name} was created`, "The gateway does not list it yet. It shows up here when it does.");
  };
  const deleted = (id: string, name: string, { failed = [], removedBindings = 0 }: Deleted) => {
    const bindings = removedBindings === 1 ? "One binding" : `${removedBindings} bindings`;
    if (removedBindings > 0) notify.info(`${name} was deleted`, `${bindings} to channels went with it.`);
    setRemains(failed.length > 0 ? { name, failed } : null);
    goOn({ at: "panel", id: "agents", rest: [id] }, LIST);
  };
  return (
    <Panel
      title="Agents"
      note={agents.data && `${agents.data.agents.length}`}
      actions={
        opened === undefined ? (
          <GatedButton
            needs={{ methods: ["agents.create"], scopes: ["operator.admin"] }}
            variant="primary"
            onClick={() => setCreating(true)}
          >
            <Plus />
            New agent
          </GatedButton>
        ) : undefined
      }
    >
      {remains && <Remaining {...remains} onClose={() => setRemains(null)} />}
      <Resource
        of={agents}
        what="agents"
        shape="cards"
        empty={(data) => data.agents.length === 0 && <Empty icon={<Bot />} title="No agents" />}
      >
        {(data) => {
          if (opened === undefined) return <AgentGrid list={data} pending={pending} />;
          const agent = data.agents.find(({ id }) => id === opened);
          if (!agent) return <Unknown id={opened} />;
          return (
            <AgentPage
              key={agent.id}
              agent={agent}
              isDefault={agent.id === data.defaultId}
              mainKey={data.mainKey}
              rest={rest}
              onDeleted={(name, answer) => deleted(agent.id, name, answer)}
            />
          );
        }}
      </Resource>
      {creating && <CreateDialog onClose={() => setCreating(false)} onCreated={(agent) => void created(agent)} />}
    </Panel>
  );
}

const LIST: Route = { at: "panel", id: "agents", rest: [] };

/** These writes take seconds: whoever has gone elsewhere meanwhile is not brought back. */
function goOn(from: Route, to: Route): void {
  const isThere = location.hash === href(from) || (from !== LIST && location.hash.startsWith(`${href(from)}/`));
  if (isThere) navigate(to);
}

function Unknown({ id }: { id: string }) {
  return (
    <Empty
      icon={<Bot />}
      title={`There is no agent “${id}”`}
      actions={
        <Button asChild>
          <a href={href({ at: "panel", id: "agents", rest: [] })}>All agents</a>
        </Button>
      }
    >
      It may have been deleted.
    </Empty>
  );
}

/** The agent is gone, some of what it left is not. */
function Remaining({ name, failed, onClose }: Remains & { onClose: () => void }) {
  return (
    <div role="alert" className="flex items-start gap-3 rounded-lg bg-warning-soft px-3.5 py-3 text-[0.8125rem]">
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warning" aria-hidden />
      <div className="min-w-0 grow">
        <p className="font-medium">{name} is deleted, but this could not be removed:</p>
        <ul className="mt-1 grid gap-0.5">
          {failed.map(({ path, reason }) => (
            <li key={path} className="wrap-anywhere">
              <code>{path}</code>: {reason}
            </li>
          ))}
        </ul>
      </div>
      <Button size="sm" onClick={onClose}>
        Understood
      </Button>
    </div>
  );
}
