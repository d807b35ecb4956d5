import { useGatewayRpcMutation } from "@vestibule/react";
import { useState } from "react";
import { Field, FormDialog, Input } from "@/ui";
import { AvatarField, EmojiField, isPictureOrNone, ModelField } from "./fields";
import type { Created } from "./wire";

const CREATE_TIMEOUT_MS = 60_000;

/** A new agent: a name is enough, the gateway makes its workspace. */
export function CreateDialog({ onClose, onCreated }: { onClose: () => void; onCreated: (created: Created) => void }) {
  const [name, setName] = useState("");
  const [emoji, setEmoji] = useState("");
  const [avatar, setAvatar] = useState("");
  const [workspace, setWorkspace] = useState("");
  const [model, setModel] = useState<string | null>(null);
  const call = useGatewayRpcMutation();

  const create = async () => {
    const agent = {
      name: name.trim(),
      ...(emoji.trim() ? { emoji: emoji.trim() } : {}),
      ...(avatar.trim() ? { avatar: avatar.trim() } : {}),
      ...(workspace.trim() ? { workspace: workspace.trim() } : {}),
      ...(model === null ? {} : { model }),
    };
    onCreated(await call<Created>("agents.create", agent, { timeoutMs: CREATE_TIMEOUT_MS }));
    onClose();
  };
  return (
    <FormDialog
      title="New agent"
      description="It gets a workspace of its own, with the files that make it who it is."
      action="Create agent"
      doing="Creating the agent"
      ready={name.trim() !== "" && isPictureOrNone(avatar)}
      onSubmit={create}
      onClose={onClose}
    >
      <div className="flex gap-3">
        <Field label="Name" className="grow">
          {(control) => (
            <Input
              {...control}
              value={name}
              required
              placeholder="Research"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <EmojiField value={emoji} onChange={setEmoji} />
      </div>
      <AvatarField value={avatar} onChange={setAvatar} />
      <ModelField value={model} onChange={setModel} />
      <Field label="Workspace" hint="A folder on the gateway's host. Empty: the gateway makes one.">
        {(control) => (
          <Input
            {...control}
            value={workspace}
            spellCheck={false}
            onChange={(event) => setWorkspace(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
