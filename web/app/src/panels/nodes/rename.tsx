import { type SyntheticEvent, useState } from "react";
import { GatedButton, type Needs } from "@/shell";
import { Button, type ButtonProps, Dialog, DialogClose, DialogContent, ErrorNote, Field, Input } from "@/ui";

export type RenameProps = {
  /** "node" or "device". */
  what: string;
  name: string;
  needs: Needs;
  onRename: (name: string) => Promise<unknown>;
} & Pick<ButtonProps, "size" | "variant">;

type State = { at: "asking" } | { at: "running" } | { at: "failed"; error: unknown };

/** A button, and the window it opens. What fails is shown in the window, which stays open (W10). */
export function Rename({ what, name, needs, onRename, ...button }: RenameProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <GatedButton needs={needs} onClick={() => setOpen(true)} aria-label={`Rename ${name}`} {...button}>
        Rename
      </GatedButton>
      <Dialog open={open} onOpenChange={setOpen}>
        {open && <Form what={what} name={name} onRename={onRename} onDone={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}

function Form({
  what,
  name,
  onRename,
  onDone,
}: Pick<RenameProps, "what" | "name" | "onRename"> & { onDone: () => void }) {
  const [text, setText] = useState(name);
  const [state, setState] = useState<State>({ at: "asking" });
  const wanted = text.trim();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setState({ at: "running" });
    try {
      await onRename(wanted);
      onDone();
    } catch (error) {
      setState({ at: "failed", error });
    }
  };
  return (
    <DialogContent
      size="sm"
      title={`Rename ${what}`}
      footer={
        <>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button
            type="submit"
            form="rename"
            variant="primary"
            busy={state.at === "running"}
            disabled={wanted === "" || wanted === name}
          >
            Rename
          </Button>
        </>
      }
    >
      <form id="rename" onSubmit={(event) => void submit(event)} className="grid gap-3">
        <Field label="Name">
          {(control) => <Input {...control} value={text} autoFocus onChange={(event) => setText(event.target.value)} />}
        </Field>
        {state.at === "failed" && <ErrorNote error={state.error} doing="Renaming" />}
      </form>
    </DialogContent>
  );
}
