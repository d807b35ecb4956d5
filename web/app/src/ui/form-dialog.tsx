import { type ReactNode, type SubmitEvent, useId, useRef, useState } from "react";
import { Button } from "./button";
import { Dialog, DialogContent, type DialogContentProps } from "./dialog";
import { ErrorNote } from "./states";

export type FormDialogProps = Pick<DialogContentProps, "title" | "description" | "size"> & {
  /** The verb on the button: "Save key". */
  action: string;
  /** What did not work where it fails: "Saving the key". */
  doing: string;
  /** It can be sent as it is. */
  ready?: boolean;
  /** By the button or Enter. What it throws is shown above the buttons, and the dialog stays open (W10). */
  onSubmit: () => unknown;
  onClose: () => void;
  /** Its way out, where nothing would be given up by it: "Close". */
  leave?: string;
  /** Another thing to do, on the other side of the buttons. */
  aside?: ReactNode;
  children: ReactNode;
};

type State = { at: "asking" } | { at: "running" } | { at: "failed"; error: unknown };

/** A few fields in a window. It opens with the first of them in focus; whoever shows it closes it. */
export function FormDialog({
  action,
  doing,
  ready = true,
  onSubmit,
  onClose,
  leave = "Cancel",
  aside,
  children,
  ...content
}: FormDialogProps) {
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [state, setState] = useState<State>({ at: "asking" });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!ready || state.at === "running") return;
    setState({ at: "running" });
    try {
      await onSubmit();
      setState({ at: "asking" });
    } catch (error) {
      setState({ at: "failed", error });
    }
  };
  const focusFirst = (event: Event) => {
    const field = form.current?.querySelector<HTMLElement>("input, textarea");
    if (field == null) return;
    event.preventDefault();
    field.focus();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        {...content}
        onOpenAutoFocus={focusFirst}
        footer={
          <>
            {state.at === "failed" && <ErrorNote error={state.error} doing={doing} className="basis-full" />}
            {aside != null && <div className="mr-auto">{aside}</div>}
            <Button onClick={onClose}>{leave}</Button>
            <Button type="submit" form={id} variant="primary" busy={state.at === "running"} disabled={!ready}>
              {action}
            </Button>
          </>
        }
      >
        <form
          id={id}
          ref={form}
          className="grid gap-4 pt-1"
          autoComplete="off"
          onSubmit={(event) => void submit(event)}
        >
          {children}
        </form>
      </DialogContent>
    </Dialog>
  );
}
