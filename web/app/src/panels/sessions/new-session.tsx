import { useGatewayAction, useGatewayRpc } from "@vestibule/react";
import { type SubmitEvent, useId, useState } from "react";
import { navigate } from "@/shell";
import { Button, Dialog, DialogContent, ErrorNote, Field, Input, Select } from "@/ui";
import { agentOf } from "./rows";
import type { AgentsList, Created, ModelsList } from "./wire";

const STANDARD = "*";

/** A new conversation, with a name and a model of its own if wished. */
export function NewSession({ onClose }: { onClose: () => void }) {
  const form = useId();
  const agents = useGatewayRpc<AgentsList>("agents.list").data;
  const models = useGatewayRpc<ModelsList>("models.list").data?.models ?? [];
  const [label, setLabel] = useState("");
  const [chosen, setAgent] = useState<string | null>(null);
  const [model, setModel] = useState(STANDARD);
  const create = useGatewayAction<Created>("sessions.create", { refetch: "sessions.list" });
  const agentId = chosen ?? agents?.defaultId;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const created = await create.run({
      ...(agentId === undefined ? {} : { agentId }),
      ...(label.trim() ? { label: label.trim() } : {}),
      ...(model === STANDARD ? {} : { model }),
    });
    if (created === undefined) return;
    onClose();
    navigate({ at: "chat", agent: agentOf(created), sessionKey: created.key });
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="New session"
        footer={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" type="submit" form={form} busy={create.isRunning}>
              Create and open
            </Button>
          </>
        }
      >
        <form id={form} className="grid gap-4 pt-1" onSubmit={(event) => void submit(event)}>
          <Field label="Name" hint="Without one it is named after what is said first.">
            {(control) => <Input {...control} value={label} onChange={(event) => setLabel(event.target.value)} />}
          </Field>
          {(agents?.agents.length ?? 0) > 1 && (
            <Field label="Agent">
              {({ id }) => (
                <Select
                  id={id}
                  value={agentId}
                  onChange={setAgent}
                  options={(agents?.agents ?? []).map((agent) => ({ value: agent.id, label: agent.name ?? agent.id }))}
                />
              )}
            </Field>
          )}
          <Field label="Model">
            {({ id }) => (
              <Select
                id={id}
                value={model}
                onChange={setModel}
                options={[
                  { value: STANDARD, label: "As the agent has it" },
                  ...models.map((one) => {
                    const name = one.provider ? `${one.provider}/${one.id}` : one.id;
                    return { value: name, label: name, disabled: one.available === false };
                  }),
                ]}
              />
            )}
          </Field>
          {create.error && <ErrorNote error={create.error} doing="Creating the session" />}
        </form>
      </DialogContent>
    </Dialog>
  );
}
