import type { ChatItem } from "@vestibule/react";
import { memo } from "react";
import { Answer } from "../message/answer";
import { Note } from "../message/note";
import { UserMessage } from "../message/user-message";

/** What can be done with messages; the same functions for all of them. */
export type RowActions = {
  readonly agentName: string;
  readonly onRetry: (turnId: string) => void;
  readonly onSay: (text: string) => void;
  readonly onDiscard: (turnId: string) => void;
  readonly onEdit: (text: string) => void;
};

export type RowProps = RowActions & {
  item: ChatItem;
  /** The day that begins here. */
  day: string | null;
  /** What stands before it. */
  previous: ChatItem | undefined;
  /** Nothing follows it. */
  last: boolean;
};

export const Row = memo(function Row({ item, day, ...actions }: RowProps) {
  return (
    <div data-row className="grid gap-5 *:min-w-0">
      {day !== null && <p className="py-1 text-center text-xs text-muted-foreground">{day}</p>}
      <One item={item} {...actions} />
    </div>
  );
});

function One({ item, previous, last, agentName, onRetry, onSay, onDiscard, onEdit }: Omit<RowProps, "day">) {
  switch (item.kind) {
    case "user":
      return <UserMessage item={item} onRetry={onRetry} onDiscard={onDiscard} onEdit={onEdit} />;
    case "assistant":
      return (
        <Answer
          item={item}
          agentName={agentName}
          onRetry={onRetry}
          onAskAgain={last ? askAgain(previous, onSay) : null}
        />
      );
    case "note":
      return <Note item={item} />;
  }
}

/** Says once more what was said before an answer; null if files came with it, which nobody has any more. */
function askAgain(said: ChatItem | undefined, onSay: RowActions["onSay"]): (() => void) | null {
  return said?.kind === "user" && said.attachments.length === 0 ? () => onSay(said.text) : null;
}
