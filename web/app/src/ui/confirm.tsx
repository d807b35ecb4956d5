import { AlertDialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Button, type ButtonProps } from "./button";
import { cn } from "./cn";
import { overlayStyle } from "./dialog";
import { ErrorNote } from "./states";

export type ConfirmProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** The verb on the button: "Delete job", never "OK". */
  action: string;
  danger?: boolean;
  /** Runs when confirmed. The dialog closes when it is done, and shows the error where it fails (W10). */
  onConfirm: () => unknown;
  children?: ReactNode;
};

export function Confirm({
  open,
  onOpenChange,
  title,
  description,
  action,
  danger = false,
  onConfirm,
  children,
}: ConfirmProps) {
  const [state, setState] = useState<{ at: "asking" } | { at: "running" } | { at: "failed"; error: unknown }>({
    at: "asking",
  });
  const change = (wanted: boolean) => {
    if (state.at === "running") return;
    setState({ at: "asking" });
    onOpenChange(wanted);
  };
  const run = async () => {
    setState({ at: "running" });
    try {
      await onConfirm();
      setState({ at: "asking" });
      onOpenChange(false);
    } catch (error) {
      setState({ at: "failed", error });
    }
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={change}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlayStyle} />
        <AlertDialog.Content
          {...(description == null ? { "aria-describedby": undefined } : {})}
          className="fixed top-[22vh] left-1/2 z-50 w-[calc(100%-2rem)] max-w-md -translate-x-1/2 animate-in overflow-hidden rounded-xl border bg-popover shadow-float outline-none"
        >
          <div className="grid gap-2 p-5">
            <AlertDialog.Title className="text-[0.9375rem] font-semibold tracking-[-0.01em]">{title}</AlertDialog.Title>
            {description != null && (
              <AlertDialog.Description className="text-[0.8125rem] text-muted-foreground">
                {description}
              </AlertDialog.Description>
            )}
            {children}
            {state.at === "failed" && <ErrorNote error={state.error} />}
          </div>
          <div className="flex flex-wrap justify-end gap-2 border-t bg-sidebar px-5 py-3">
            <AlertDialog.Cancel asChild>
              <Button disabled={state.at === "running"}>Cancel</Button>
            </AlertDialog.Cancel>
            <Button variant={danger ? "danger" : "primary"} busy={state.at === "running"} onClick={() => void run()}>
              {action}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

export type ConfirmButtonProps = Omit<ButtonProps, "onClick" | "title"> &
  Pick<ConfirmProps, "title" | "description" | "action" | "danger" | "onConfirm"> & {
    /** What the dialog shows below its text: a list of what goes, say. */
    details?: ReactNode;
  };

/** A button that asks first. */
export function ConfirmButton({
  title,
  description,
  action,
  danger = false,
  onConfirm,
  details,
  className,
  ...button
}: ConfirmButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className={cn(className)} {...button} onClick={() => setOpen(true)} />
      <Confirm
        open={open}
        onOpenChange={setOpen}
        title={title}
        description={description}
        action={action}
        danger={danger}
        onConfirm={onConfirm}
      >
        {details}
      </Confirm>
    </>
  );
}
