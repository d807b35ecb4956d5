import { ArrowLeft, MessageSquare } from "lucide-react";
import { useState } from "react";
import { GatedButton, href, navigate, useCan } from "@/shell";
import { Badge, Button, NotOffered, Tabs, TabsContent, TabsList, TabsTrigger } from "@/ui";
import { nameOf } from "./agents";
import { Avatar, useIdentity } from "./avatar";
import { CommandsTab } from "./commands-tab";
import { DeleteDialog } from "./delete-dialog";
import { FilesTab } from "./files-tab";
import { IdentityTab } from "./identity-tab";
import { ToolsTab } from "./tools-tab";
import { useFileDrafts } from "./use-file-drafts";
import type { Agent, Deleted } from "./wire";

const TABS = ["identity", "files", "tools", "commands"] as const;
type Tab = (typeof TABS)[number];
const LABEL: Readonly<Record<Tab, string>> = {
  identity: "Identity",
  files: "Files",
  tools: "Tools",
  commands: "Commands",
};

/** One agent: who it is, what it reads, what it can do. */
export function AgentPage({
  agent,
  isDefault,
  mainKey,
  rest,
  onDeleted,
}: {
  agent: Agent;
  isDefault: boolean;
  mainKey: string | undefined;
  /** What stands behind the agent in the address: a tab, a file. */
  rest: readonly string[];
  onDeleted: (name: string, answer: Deleted) => void;
}) {
  const identity = useIdentity(agent.id).data;
  const [deleting, setDeleting] = useState(false);
  const [drafts, keepDraft] = useFileDrafts(agent.id);
  const files = useCan({ methods: ["agents.files.list", "agents.files.get"] });
  const name = nameOf(agent, identity);
  const tab = TABS.find((one) => one === rest[0]) ?? "identity";
  const unsaved = Object.keys(drafts).length;
  return (
    <div className="grid gap-5">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-3">
        <Button asChild variant="ghost" size="icon">
          <a href={href({ at: "panel", id: "agents", rest: [] })} aria-label="All agents">
            <ArrowLeft />
          </a>
        </Button>
        <Avatar agent={agent} identity={identity} large />
        <div className="min-w-0 grow">
          <h2 className="flex items-center gap-2 text-base font-semibold tracking-[-0.015em]">
            <span className="min-w-0 truncate">{name}</span>
            {isDefault && <Badge tone="brand">default</Badge>}
          </h2>
          <p className="text-[0.8125rem] text-muted-foreground">{agent.model?.primary ?? "default model"}</p>
        </div>
        <div className="ml-auto flex gap-2">
          <GatedButton
            needs={{ methods: ["agents.delete"], scopes: ["operator.admin"] }}
            refusal={isDefault ? "The default agent cannot be deleted" : null}
            variant="danger-ghost"
            onClick={() => setDeleting(true)}
          >
            Delete…
          </GatedButton>
          <Button asChild variant="primary">
            <a href={href({ at: "chat", agent: agent.id })}>
              <MessageSquare />
              Chat
            </a>
          </Button>
        </div>
      </header>
      <Tabs
        value={tab}
        onValueChange={(next) => navigate({ at: "panel", id: "agents", rest: [agent.id, next] }, { replace: true })}
      >
        <TabsList aria-label="Parts of the agent">
          {TABS.map((one) => (
            <TabsTrigger key={one} value={one}>
              {LABEL[one]}
              {one === "files" && unsaved > 0 && <Badge tone="warning">{unsaved} not saved</Badge>}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value="identity">
          <IdentityTab agent={agent} />
        </TabsContent>
        <TabsContent value="files">
          {files.allowed ? (
            <FilesTab agentId={agent.id} opened={rest[1]} drafts={drafts} onDraft={keepDraft} />
          ) : (
            <NotOffered what="Editing an agent's files" methods={["agents.files.list"]} />
          )}
        </TabsContent>
        <TabsContent value="tools">
          <ToolsTab agentId={agent.id} mainKey={mainKey} />
        </TabsContent>
        <TabsContent value="commands">
          <CommandsTab agentId={agent.id} />
        </TabsContent>
      </Tabs>
      {deleting && (
        <DeleteDialog
          agentId={agent.id}
          name={name}
          onClose={() => setDeleting(false)}
          onDeleted={(answer) => {
            for (const file of Object.keys(drafts)) keepDraft(file, null);
            onDeleted(name, answer);
          }}
        />
      )}
    </div>
  );
}
