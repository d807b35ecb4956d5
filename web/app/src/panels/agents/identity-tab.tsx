import { useGatewayAction } from "@vestibule/react";
import { type SubmitEvent, useState } from "react";
import { GatedButton, type Needs, notify, seen, useCan } from "@/shell";
import { Card, ErrorNote, Field, Input, KeyValue } from "@/ui";
import { nameOf, pictureOf } from "./agents";
import { useIdentity } from "./avatar";
import { AvatarField, EmojiField, isPictureOrNone, ModelField } from "./fields";
import type { Agent } from "./wire";

const UPDATE: Needs = { methods: ["agents.update"], scopes: ["operator.admin"] };

/** Name, sign and model. Only what was changed is sent. */
export function IdentityTab({ agent }: { agent: Agent }) {
  const identity = useIdentity(agent.id);
  const before = {
    name: nameOf(agent, identity.data),
    emoji: agent.identity?.emoji ?? identity.data?.emoji ?? "",
    avatar: pictureOf(agent, identity.data) ?? "",
    model: agent.model?.primary ?? null,
  };
  const [edited, setEdited] = useState<Partial<typeof before>>({});
  const update = useGatewayAction("agents.update", { refetch: "agents.list" });
  const { allowed } = useCan(UPDATE);
  const workspace = seen(agent.workspace);
  const form = { ...before, ...edited };
  const changes = {
    ...(form.name.trim() !== before.name ? { name: form.name.trim() } : {}),
    ...(form.emoji.trim() !== before.emoji ? { emoji: form.emoji.trim() } : {}),
    ...(form.avatar.trim() !== before.avatar ? { avatar: form.avatar.trim() } : {}),
    ...(form.model !== before.model ? { model: form.model } : {}),
  };
  const changed = Object.keys(changes).length > 0 && form.name.trim() !== "" && isPictureOrNone(form.avatar);

  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const answer = await update.run({ agentId: agent.id, ...changes });
    if (answer === undefined) return;
    await identity.mutate();
    setEdited({});
    notify.success("Agent saved");
  };
  return (
    <div className="grid items-start gap-4 md:grid-cols-2">
      <Card title="Who it is">
        <form className="grid gap-4 pt-1" onSubmit={(event) => void save(event)}>
          <div className="flex gap-3">
            <Field label="Name" className="grow">
              {(control) => (
                <Input
                  {...control}
                  value={form.name}
                  disabled={!allowed}
                  onChange={(event) => setEdited({ ...edited, name: event.target.value })}
                />
              )}
            </Field>
            <EmojiField value={form.emoji} disabled={!allowed} onChange={(emoji) => setEdited({ ...edited, emoji })} />
          </div>
          <AvatarField
            value={form.avatar}
            disabled={!allowed}
            onChange={(avatar) => setEdited({ ...edited, avatar })}
          />
          <ModelField value={form.model} disabled={!allowed} onChange={(model) => setEdited({ ...edited, model })} />
          {update.error && <ErrorNote error={update.error} doing="Saving the agent" />}
          <GatedButton
            needs={UPDATE}
            variant="primary"
            type="submit"
            className="justify-self-start"
            busy={update.isRunning}
            disabled={!changed}
          >
            Save
          </GatedButton>
        </form>
      </Card>
      <Card title="How it works">
        <KeyValue
          rows={[
            ["Id", <code key="id">{agent.id}</code>],
            ["Fallbacks", agent.model?.fallbacks?.join(", ") || null],
            ["Thinking", agent.thinkingDefault ?? null],
            ["Permissions", agent.defaultPermissionMode ?? null],
            ["Workspace", workspace && <code key="workspace">{workspace}</code>],
          ]}
        />
      </Card>
    </div>
  );
}
