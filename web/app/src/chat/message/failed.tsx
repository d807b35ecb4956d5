import { CircleAlert, RotateCw, X } from "lucide-react";
import { Button } from "@/ui";

export type FailedProps = {
  message: string;
  /** For whoever looks into it: not written out. */
  code: string;
  /** What trying again means: "The agent never heard it." */
  note: string;
  onRetry: (() => void) | null;
  onDiscard: (() => void) | null;
};

/** What went wrong, in the gateway's own words, and what can be done about it (C7, C8). */
export function Failed({ message, code, note, onRetry, onDiscard }: FailedProps) {
  return (
    <div
      role="alert"
      className="flex w-full items-start gap-3 rounded-xl bg-danger-soft py-2.5 pr-2.5 pl-3.5 text-[0.8125rem] max-sm:flex-wrap"
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <div className="min-w-0 grow basis-40">
        <p className="wrap-anywhere">{message}</p>
        <p className="mt-0.5 text-xs text-muted-foreground" title={code}>
          {note}
        </p>
      </div>
      <div className="flex shrink-0 gap-1">
        {onRetry !== null && (
          <Button size="sm" onClick={onRetry}>
            <RotateCw />
            Try again
          </Button>
        )}
        {onDiscard !== null && (
          <Button variant="ghost" size="icon-sm" aria-label="Dismiss" onClick={onDiscard}>
            <X />
          </Button>
        )}
      </div>
    </div>
  );
}
