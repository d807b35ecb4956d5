import type { Attachment } from "@vestibule/react";
import { Paperclip } from "lucide-react";
import { showAttachment } from "./attachments";

/** What a message carries: pictures as such, everything else by its name. */
export function Attached({ attachments }: { attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul aria-label="Attachments" className="flex flex-wrap justify-end gap-2">
      {attachments.map(showAttachment).map(({ name, image }, index) => (
        <li key={index} title={name}>
          {image === null ? (
            <span className="flex h-9 max-w-56 items-center gap-2 rounded-lg border bg-card px-3 text-xs">
              <Paperclip aria-hidden className="size-3.5 shrink-0 text-muted-foreground" />
              <span className="truncate">{name}</span>
            </span>
          ) : (
            <img src={image} alt={name} className="max-h-56 max-w-full rounded-xl border object-contain" />
          )}
        </li>
      ))}
    </ul>
  );
}
