import { useGatewayRpcMutation } from "@vestibule/react";
import { useState } from "react";
import { sessionTitle } from "@/shell";
import { Field, FormDialog, Input } from "@/ui";
import type { SessionRow } from "./wire";

/** Gives a session another name; an empty one takes it away. */
export function Rename({
  row,
  onClose,
  onDone,
}: {
  row: SessionRow;
  onClose: () => void;
  onDone: (label: string | null) => void;
}) {
  const [name, setName] = useState(row.label ?? sessionTitle(row));
  const call = useGatewayRpcMutation();
  const save = async () => {
    const label = name.trim() || null;
    await call("sessions.patch", { key: row.key, label });
    onDone(label);
    onClose();
  };
  return (
    <FormDialog title="Rename chat" size="sm" action="Rename" doing="Renaming" onSubmit={save} onClose={onClose}>
      <Field label="Name">
        {(control) => (
          <Input
            {...control}
            value={name}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
