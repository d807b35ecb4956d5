import { useGatewayRpcMutation } from "@vestibule/react";
import { Archive, ArchiveRestore, Ellipsis, Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import { useState } from "react";
import { isMainSession, keptSession, lifecycle, notify, sessionTitle, useCan, useHasArchive } from "@/shell";
import {
  Button,
  Confirm,
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/ui";
import { Rename } from "./rename";
import type { Sessions } from "./use-sessions";
import type { SessionRow } from "./wire";

export type RowMenuProps = { row: SessionRow; sessions: Sessions; onGone: (key: string) => void };

/** What can be done with a session. */
export function RowMenu({ row, sessions, onGone }: RowMenuProps) {
  const [open, setOpen] = useState<"rename" | "delete" | null>(null);
  const call = useGatewayRpcMutation();
  const canPatch = useCan({ methods: ["sessions.patch"], scopes: ["operator.write"] });
  const canDelete = useCan({ methods: ["sessions.delete"], scopes: ["operator.write"] });
  const hasArchive = useHasArchive();
  const title = sessionTitle(row);

  const patch = async (change: Partial<SessionRow>) => {
    sessions.patched(row.key, change);
    try {
      await call("sessions.patch", { key: row.key, ...lifecycle(row, change), ...change });
      if (change.archived !== undefined) onGone(row.key);
    } catch (error) {
      notify.error(`“${title}” was not changed`, error);
      void sessions.answer.mutate();
    }
  };

  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={`Actions for ${title}`}
            className="absolute right-1 size-6! opacity-0 group-hover/row:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 max-md:size-10! pointer-coarse:opacity-70"
          >
            <Ellipsis />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem refusal={canPatch.reason} onSelect={() => setOpen("rename")}>
            <Pencil />
            Rename…
          </DropdownMenuItem>
          <DropdownMenuItem refusal={canPatch.reason} onSelect={() => void patch({ pinned: row.pinned !== true })}>
            {row.pinned === true ? <PinOff /> : <Pin />}
            {row.pinned === true ? "Unpin" : "Pin"}
          </DropdownMenuItem>
          {hasArchive && !isMainSession(row) && (
            <DropdownMenuItem
              refusal={canPatch.reason}
              onSelect={() => void patch({ archived: row.archived !== true })}
            >
              {row.archived === true ? <ArchiveRestore /> : <Archive />}
              {row.archived === true ? "Take out of the archive" : "Archive"}
            </DropdownMenuItem>
          )}
          <DropdownMenuSeparator />
          <DropdownMenuItem danger refusal={canDelete.reason ?? keptSession(row)} onSelect={() => setOpen("delete")}>
            <Trash2 />
            Delete…
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {open === "rename" && (
        <Rename row={row} onClose={() => setOpen(null)} onDone={(label) => sessions.patched(row.key, { label })} />
      )}
      <Confirm
        open={open === "delete"}
        onOpenChange={(wanted) => !wanted && setOpen(null)}
        title={`Delete “${title}”?`}
        description="The conversation and its transcript are removed from the gateway."
        action="Delete chat"
        danger
        onConfirm={async () => {
          await call("sessions.delete", { key: row.key });
          sessions.removed(row.key);
          onGone(row.key);
        }}
      />
    </>
  );
}
