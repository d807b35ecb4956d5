import { useGatewayRpcMutation } from "@vestibule/react";
import { useId, useState } from "react";
import { Checkbox, Confirm, Label } from "@/ui";
import type { Deleted } from "./wire";

const DELETE_TIMEOUT_MS = 60_000;

/** Deleting an agent, with or without what it wrote. */
export function DeleteDialog({
  agentId,
  name,
  onClose,
  onDeleted,
}: {
  agentId: string;
  name: string;
  onClose: () => void;
  onDeleted: (answer: Deleted) => void;
}) {
  const id = useId();
  const call = useGatewayRpcMutation();
  const [deleteFiles, setDeleteFiles] = useState(false);
  const remove = async () => {
    const options = { timeoutMs: DELETE_TIMEOUT_MS, refetch: ["agents.list", "sessions.list"] };
    onDeleted(await call<Deleted>("agents.delete", { agentId, deleteFiles }, options));
  };
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete ${name}?`}
      description="The agent, its bindings to channels and its sessions go. That cannot be undone."
      action="Delete agent"
      danger
      onConfirm={remove}
    >
      <div className="flex items-center gap-2.5 pt-1">
        <Checkbox id={id} checked={deleteFiles} onCheckedChange={(checked) => setDeleteFiles(checked === true)} />
        <Label htmlFor={id} className="font-normal">
          Delete its files too
        </Label>
      </div>
    </Confirm>
  );
}
