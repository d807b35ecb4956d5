import type { UserItem } from "@vestibule/react";
import { Clock, PencilLine, X } from "lucide-react";
import { memo } from "react";
import { Button, CopyButton, Tooltip } from "@/ui";
import { Attached } from "./attached";
import { attachmentsOf } from "./attachments";
import { Failed } from "./failed";
import { Time } from "./time";

export type UserMessageProps = {
  item: UserItem;
  onRetry: (turnId: string) => void;
  onDiscard: (turnId: string) => void;
  /** Put its text back into the composer. */
  onEdit: (text: string) => void;
};

export const UserMessage = memo(function UserMessage({ item, onRetry, onDiscard, onEdit }: UserMessageProps) {
  const { text, delivery, turnId } = item;
  return (
    <article aria-label="You said" className="group/message grid justify-items-end gap-1.5">
      <Attached attachments={attachmentsOf(item)} />
      {text !== "" && (
        <div
          className="max-w-[min(34rem,88%)] rounded-2xl rounded-br-md bg-muted px-4 py-2.5 text-[0.9375rem] leading-relaxed whitespace-pre-wrap wrap-anywhere data-[waiting]:opacity-65"
          data-waiting={delivery.at === "queued" || undefined}
        >
          {text}
        </div>
      )}
      {delivery.at === "failed" && turnId !== null ? (
        <Failed
          message={delivery.message}
          code={delivery.code}
          note={
            delivery.mayHaveRun
              ? "The agent may have heard it; trying again asks once more."
              : "The agent never heard it."
          }
          onRetry={() => onRetry(turnId)}
          onDiscard={() => onDiscard(turnId)}
        />
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
