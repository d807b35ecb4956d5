import { CircleCheck, RotateCw } from "lucide-react";
import { Button, Dialog, DialogContent, ErrorNote, Skeleton } from "@/ui";
import { type LoginState, useLogin } from "./use-login";

/** A code to scan with the phone. */
export function LoginDialog({
  label,
  accountId,
  force,
  onClose,
}: {
  label: string;
  accountId: string | undefined;
  force: boolean;
  onClose: () => void;
}) {
  const { state, again } = useLogin(accountId, force);
  const over = state.at === "ended" || state.at === "failed";
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={`Link a device to ${label}`}
        description="Open the app on the phone, go to its linked devices, and scan the code."
        size="sm"
        footer={
          <>
            {over && (
              <Button onClick={again}>
                <RotateCw />
                New code
              </Button>
            )}
            <Button variant={state.at === "linked" ? "primary" : "secondary"} onClick={onClose}>
              {state.at === "linked" ? "Done" : "Close"}
            </Button>
          </>
        }
      >
        <div className="grid justify-items-center gap-3 pt-1 text-center text-[0.8125rem]" aria-live="polite">
          <Shown state={state} label={label} />
        </div>
      </DialogContent>
    </Dialog>
  );
}

function Shown({ state, label }: { state: LoginState; label: string }) {
  switch (state.at) {
    case "starting":
      return (
        <>
          <Skeleton className="size-56 rounded-xl" />
          <p className="text-muted-foreground">Asking for a code…</p>
        </>
      );
    case "scan":
      return (
        <>
          {/* White whatever the theme: cameras read dark on light. */}
          <img
            src={state.qrDataUrl}
            alt={`Code to scan for ${label}`}
            className="size-56 rounded-xl border bg-white object-contain p-3 [image-rendering:pixelated]"
          />
          <p className="text-muted-foreground">{state.message ?? "Waiting for the scan…"}</p>
        </>
      );
    case "linked":
      return (
        <>
          <CircleCheck className="mt-4 size-10 text-success" aria-hidden />
          <p className="pb-4 font-medium">{state.message ?? "Linked"}</p>
        </>
      );
    case "ended":
      return <p className="py-6">{state.message ?? "Nobody has scanned the code."}</p>;
    case "failed":
      return <ErrorNote error={state.error} doing="Linking" className="w-full" />;
  }
}
