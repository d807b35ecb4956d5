import { FileText, X } from "lucide-react";
import { useState } from "react";
import { Button, formatBytes } from "@/ui";
import type { Attached } from "./attachment";

/** What will go with the message. */
export function Chips({ attached, onRemove }: { attached: readonly Attached[]; onRemove: (id: string) => void }) {
  if (attached.length === 0) return null;
  return (
    <ul aria-label="Attached" className="flex flex-wrap gap-2 px-3 pt-3">
      {attached.map(({ id, name, size, preview }) => (
        <li
          key={id}
          className="relative flex h-14 max-w-60 items-center gap-2.5 rounded-xl border bg-background py-1.5 pr-9 pl-1.5"
        >
          <Preview of={preview} />
          <span className="grid min-w-0 text-xs">
            <span className="truncate font-medium">{name}</span>
            <span className="text-muted-foreground tabular-nums">{formatBytes(size)}</span>
          </span>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={`Remove ${name}`}
            onClick={() => onRemove(id)}
            className="absolute right-1 size-6! max-md:size-8!"
          >
            <X />
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** The picture, or a sign for what is none or cannot be decoded. */
function Preview({ of: picture }: { of: string | null }) {
  const [broken, setBroken] = useState(false);
  if (picture !== null && !broken) {
    return (
      <img src={picture} alt="" onError={() => setBroken(true)} className="size-11 shrink-0 rounded-lg object-cover" />
    );
  }
  return (
    <span className="grid size-11 shrink-0 place-content-center rounded-lg bg-muted text-muted-foreground">
      <FileText aria-hidden className="size-4.5" />
    </span>
  );
}
