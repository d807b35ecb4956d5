import type { UserItem } from "@vestibule/react";
import { CircleAlert, Clock, PencilLine, RotateCw, X } from "lucide-react";
import { memo } from "react";
import { Button, CopyButton, readError, Tooltip } from "@/ui";
import { Attached } from "./attached";
import { Time } from "./time";

export type UserMessageProps = {
  item: UserItem;
  onRetry: (turnId: string) => void;
  onDiscard: (turnId: string) => void;
  /** Put its text back into the composer. */
  onEdit: (text: string) => void;
};

export const UserMessage = memo(function UserMessage({ item, onRetry, onDiscard, onEdit }: UserMessageProps) {
  const { text, attachments, delivery, turnId } = item;
  return (
    <article aria-label="You said" className="group/message grid justify-items-end gap-1.5">
      <Attached attachments={attachments} />
      {text !== "" && (
        <div
          className="max-w-[min(34rem,88%)] rounded-2xl rounded-br-md bg-muted px-4 py-2.5 text-[0.9375rem] leading-relaxed whitespace-pre-wrap wrap-anywhere data-[waiting]:opacity-65"
          data-waiting={delivery.at === "queued" || undefined}
        >
          {text}
        </div>
      )}
      {delivery.at === "failed" && turnId !== null ? (
        <Failed delivery={delivery} onRetry={() => onRetry(turnId)} onDiscard={() => onDiscard(turnId)} />
      ) : (
        <footer className="-mr-1 -mb-2 flex h-7 items-center opacity-0 transition-opacity group-hocus/message:opacity-100 group-focus-within/message:opacity-100 has-[[data-mark]]:opacity-100 max-md:h-9 pointer-coarse:opacity-100">
          {delivery.at === "queued" ? (
            <span data-mark className="flex items-center gap-1.5 px-1 text-xs text-muted-foreground">
              <Clock aria-hidden className="size-3" />
              Queued: goes out when the connection is back
            </span>
          ) : (
            <>
              <Time atMs={item.atMs} />
              <Tooltip text="Edit and send again">
                <Button variant="ghost" size="icon-sm" aria-label="Edit and send again" onClick={() => onEdit(text)}>
                  <PencilLine />
                </Button>
              </Tooltip>
              <CopyButton text={text} label="Copy message" />
            </>
          )}
          {delivery.at === "queued" && turnId !== null && (
            <Button variant="ghost" size="icon-sm" aria-label="Do not send" onClick={() => onDiscard(turnId)}>
              <X />
            </Button>
          )}
        </footer>
      )}
    </article>
  );
});

type FailedProps = {
  delivery: Extract<UserItem["delivery"], { at: "failed" }>;
  onRetry: () => void;
  onDiscard: () => void;
};

/** A turn that went wrong: why, in the gateway's own words, and what can be done (C7, C8). */
function Failed({ delivery, onRetry, onDiscard }: FailedProps) {
  const { message, code } = readError(delivery);
  return (
    <div
      role="alert"
      className="flex w-full max-w-[34rem] items-start gap-3 rounded-xl bg-danger-soft py-2.5 pr-2.5 pl-3.5 text-[0.8125rem]"
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <div className="min-w-0 grow">
        <p className="wrap-anywhere">{message}</p>
        <p className="mt-0.5 text-xs text-muted-foreground">
          {delivery.mayHaveRun
            ? "The agent may have heard it; trying again asks once more."
            : "The agent never heard it."}{" "}
          <code>{code}</code>
        </p>
      </div>
      <div className="flex shrink-0 gap-1">
        <Button size="sm" onClick={onRetry}>
          <RotateCw />
          Try again
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label="Dismiss" onClick={onDiscard}>
          <X />
        </Button>
      </div>
    </div>
  );
}
