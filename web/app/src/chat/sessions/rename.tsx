import { useGatewayAction } from "@vestibule/react";
import { useState } from "react";
import { sessionTitle } from "@/shell";
import { Button, Dialog, DialogContent, ErrorNote, Field, Input } from "@/ui";
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
  const patch = useGatewayAction("sessions.patch");
  const save = async () => {
    const label = name.trim() === "" ? null : name.trim();
    if ((await patch.run({ key: row.key, label })) === undefined) return;
    onDone(label);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="Rename chat"
        size="sm"
        footer={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" busy={patch.isRunning} onClick={() => void save()}>
              Rename
            </Button>
          </>
        }
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Field label="Name">
            {(control) => (
              <Input
                {...control}
                value={name}
                autoFocus
                onFocus={(event) => event.target.select()}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          {patch.error !== null && <ErrorNote error={patch.error} doing="Renaming" className="mt-3" />}
        </form>
      </DialogContent>
    </Dialog>
  );
}
