import type { Attachment } from "@vestibule/react";
import { Paperclip } from "lucide-react";
import { useState } from "react";
import { showAttachment, type Shown } from "./attachments";

/** What a message carries: pictures as such, everything else, and a picture that cannot be decoded, by its name. */
export function Attached({ attachments }: { attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul aria-label="Attachments" className="flex flex-wrap justify-end gap-2">
      {attachments.map(showAttachment).map((shown, index) => (
        <li key={index} title={shown.name}>
          <One {...shown} />
        </li>
      ))}
    </ul>
  );
}

function One({ name, image }: Shown) {
  const [broken, setBroken] = useState(false);
  if (image !== null && !broken) {
    return (
      <img
        src={image}
        alt={name}
        onError={() => setBroken(true)}
        className="max-h-56 max-w-full rounded-xl border object-contain"
      />
    );
  }
  return (
    <span className="flex h-9 max-w-56 items-center gap-2 rounded-lg border bg-card px-3 text-xs">
      <Paperclip aria-hidden className="size-3.5 shrink-0 text-muted-foreground" />
      <span className="truncate">{name}</span>
    </span>
  );
}
