import { useGatewayAction } from "@vestibule/react";
import { type SubmitEvent, useId, useState } from "react";
import { Button, Dialog, DialogContent, ErrorNote, Field, Input } from "@/ui";
import { AvatarField, EmojiField, isPictureOrNone, ModelField } from "./fields";
import type { Created } from "./wire";

const CREATE_TIMEOUT_MS = 60_000;

/** A new agent: a name is enough, the gateway makes its workspace. */
export function CreateDialog({ onClose, onCreated }: { onClose: () => void; onCreated: (created: Created) => void }) {
  const form = useId();
  const [name, setName] = useState("");
  const [emoji, setEmoji] = useState("");
  const [avatar, setAvatar] = useState("");
  const [workspace, setWorkspace] = useState("");
  const [model, setModel] = useState<string | null>(null);
  const create = useGatewayAction<Created>("agents.create", { timeoutMs: CREATE_TIMEOUT_MS });

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const created = await create.run({
      name: name.trim(),
      ...(emoji.trim() ? { emoji: emoji.trim() } : {}),
      ...(avatar.trim() ? { avatar: avatar.trim() } : {}),
      ...(workspace.trim() ? { workspace: workspace.trim() } : {}),
      ...(model === null ? {} : { model }),
    });
    if (created === undefined) return;
    onCreated(created);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="New agent"
        description="It gets a workspace of its own, with the files that make it who it is."
        footer={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              variant="primary"
              type="submit"
              form={form}
              busy={create.isRunning}
              disabled={!name.trim() || !isPictureOrNone(avatar)}
            >
              Create agent
            </Button>
          </>
        }
      >
        <form id={form} className="grid gap-4 pt-1" onSubmit={(event) => void submit(event)}>
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
          {create.error && <ErrorNote error={create.error} doing="Creating the agent" />}
        </form>
      </DialogContent>
    </Dialog>
  );
}
