import { useState } from "react";
import { GatedButton, type Needs } from "@/shell";
import { type ButtonProps, Field, FormDialog, Input } from "@/ui";

export type RenameProps = {
  /** "node" or "device". */
  what: string;
  name: string;
  needs: Needs;
  onRename: (name: string) => Promise<unknown>;
} & Pick<ButtonProps, "size" | "variant">;

/** A button, and the window it opens. */
export function Rename({ what, name, needs, onRename, ...button }: RenameProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <GatedButton needs={needs} onClick={() => setOpen(true)} aria-label={`Rename ${name}`} {...button}>
        Rename
      </GatedButton>
      {open && <Form what={what} name={name} onRename={onRename} onClose={() => setOpen(false)} />}
    </>
  );
}

function Form({
  what,
  name,
  onRename,
  onClose,
}: Pick<RenameProps, "what" | "name" | "onRename"> & { onClose: () => void }) {
  const [text, setText] = useState(name);
  const wanted = text.trim();
  return (
    <FormDialog
      size="sm"
      title={`Rename ${what}`}
      action="Rename"
      doing="Renaming"
      ready={wanted !== "" && wanted !== name}
      onSubmit={async () => {
        await onRename(wanted);
        onClose();
      }}
      onClose={onClose}
    >
      <Field label="Name">
        {(control) => <Input {...control} value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
    </FormDialog>
  );
}
