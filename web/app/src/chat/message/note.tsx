import type { NoteItem } from "@vestibule/react";
import { memo } from "react";
import { Fold } from "./fold";

const WORDS: Readonly<Record<string, string>> = {
  compaction: "Earlier messages were compacted",
  compactionsummary: "Earlier messages were compacted",
  system: "System",
};

/** What belongs to the conversation and was said by nobody. */
export const Note = memo(function Note({ item }: { item: NoteItem }) {
  const title = WORDS[item.role.toLowerCase()] ?? item.role;
  if (item.text.trim() === "") return <p className="text-center text-xs text-muted-foreground">{title}</p>;
  return (
    <Fold
      line={
        <>
          <span className="shrink-0 font-medium">{title}</span>
          <span className="min-w-0 truncate text-xs">{item.text.split("\n")[0]}</span>
        </>
      }
    >
      {() => (
        <p className="border-l-2 pl-4 text-[0.8125rem] whitespace-pre-wrap wrap-anywhere text-muted-foreground">
          {item.text}
        </p>
      )}
    </Fold>
  );
});
