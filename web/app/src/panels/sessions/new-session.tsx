import { useGatewayRpc, useGatewayRpcMutation } from "@vestibule/react";
import { useState } from "react";
import { navigate } from "@/shell";
import { Field, FormDialog, Input, Select } from "@/ui";
import { agentOf } from "./rows";
import type { AgentsList, Created, ModelsList } from "./wire";

const STANDARD = "*";

/** A new conversation, with a name and a model of its own if wished. */
export function NewSession({ onClose }: { onClose: () => void }) {
  const agents = useGatewayRpc<AgentsList>("agents.list").data;
  const models = useGatewayRpc<ModelsList>("models.list").data?.models ?? [];
  const [label, setLabel] = useState("");
  const [chosen, setAgent] = useState<string | null>(null);
  const [model, setModel] = useState(STANDARD);
  const call = useGatewayRpcMutation();
  const agentId = chosen ?? agents?.defaultId;

  const create = async () => {
    const session = {
      ...(agentId === undefined ? {} : { agentId }),
      ...(label.trim() ? { label: label.trim() } : {}),
      ...(model === STANDARD ? {} : { model }),
    };
    const created = await call<Created>("sessions.create", session, { refetch: "sessions.list" });
    onClose();
    navigate({ at: "chat", agent: agentOf(created), sessionKey: created.key });
  };
  return (
    <FormDialog
      title="New session"
      action="Create and open"
      doing="Creating the session"
      onSubmit={create}
      onClose={onClose}
    >
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
    </FormDialog>
  );
}
